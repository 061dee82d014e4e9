import { describe, expect, test } from "bun:test";
import {
  connectionNames,
  credentialHeaders,
  hopByHop,
  isCredentialParameter,
} from "../../src/core/headers.ts";

describe("connectionNames", () => {
  test.each([
    [undefined, []],
    [null, []],
    ["", []],
    ["keep-alive", []],
    ["close", []],
    ["X-A", ["x-a"]],
    [" X-A ,\tx-b,, ", ["x-a", "x-b"]],
    ["close, X-A", ["x-a", "close"]],
    ["upgrade, HTTP2-Settings", ["upgrade", "http2-settings"]],
  ])("of %p", (value, names) => {
    const found = [...connectionNames(value)].filter((name) => name !== "");

    expect(found.toSorted()).toEqual(names.toSorted());
  });
});

describe("the lists", () => {
  test("are in lower case, as names are compared", () => {
    for (const name of [...hopByHop, ...credentialHeaders]) expect(name).toBe(name.toLowerCase());
  });

  test("hop-by-hop is RFC 9110's list", () => {
    for (const name of [
      "connection",
      "keep-alive",
      "proxy-connection",
      "te",
      "transfer-encoding",
    ]) {
      expect(hopByHop.has(name)).toBe(true);
    }
    for (const name of ["upgrade", "trailer", "proxy-authorization", "proxy-authenticate"]) {
      expect(hopByHop.has(name)).toBe(true);
    }
    for (const name of ["content-length", "authorization", "cookie", "via", "date"]) {
      expect(hopByHop.has(name)).toBe(false);
    }
  });

  test.each(["key", "KEY", "api_key", "access_token", "sig", "Token"])(
    "%s carries a credential",
    (name) => {
      expect(isCredentialParameter(name)).toBe(true);
    },
  );

  test.each(["keys", "monkey", "timeout", "", "__proto__", "key "])("%p does not", (name) => {
    expect(isCredentialParameter(name)).toBe(false);
  });
});
