import { describe, expect, test } from "bun:test";
import { GatewayError } from "../../src/core/errors.ts";
import { parseTarget } from "../../src/gateway/parse-target.ts";

function codeOf(url: string): string {
  try {
    parseTarget(url);
    return "none";
  } catch (error) {
    return error instanceof GatewayError ? error.code : String(error);
  }
}

describe("path and query are the bytes of the URL", () => {
  test.each([
    ["http://h/", "/", ""],
    ["http://h/a", "/a", ""],
    ["http://h/a/", "/a/", ""],
    ["http://h//a//b", "//a//b", ""],
    ["http://h:80/a?b", "/a", "b"],
    ["http://h/a?", "/a", ""],
    ["http://h/a??b?c", "/a", "?b?c"],
    ["http://h/a?b=/c/../d", "/a", "b=/c/../d"],
    ["http://h/a?b=http://x/y", "/a", "b=http://x/y"],
    ["http://h/?a", "/", "a"],
    ["http://h/a#f?g", "/a", ""],
    ["http://h/a?b#f", "/a", "b"],
    ["https://[::1]:1/a", "/a", ""],
    ["http://h/%e2%82%ac/%7Ea?%zz", "/%e2%82%ac/%7Ea", "%zz"],
    ["http://h/a%2Fb", "/a%2Fb", ""],
    ["http://h/a%5Cb", "/a%5Cb", ""],
    ["http://h/..a/b..%2F...", "/..a/b..%2F...", ""],
    ["http://h/%252e%252e/x", "/%252e%252e/x", ""],
    ["http://h/%252e%252e%2fx", "/%252e%252e%2fx", ""],
    ["http://a/b", "/b", ""],
    ["http://ab/c", "/c", ""],
  ])("%s", (url, path, query) => {
    expect(parseTarget(url)).toEqual({ path, query });
  });
});

describe("a segment that could be decoded into a dot segment is refused", () => {
  test.each([
    "/..%2fx",
    "/..%2Fx",
    "/a/..%5cx",
    "/a/..%5Cx",
    "/a%2f..",
    "/a%2f../b",
    "/%2e%2e%2fx",
    "/.%2e%5cx",
    "/a%2f.%2f",
    "/a%2f%2E",
    "/v1%2f..%2f..%2fadmin",
  ])("%s", (path) => {
    expect(codeOf(`http://h${path}`)).toBe("path_invalid");
    expect(codeOf(`http://h${path}?q`)).toBe("path_invalid");
  });

  test("in a query it means nothing", () => {
    expect(codeOf("http://h/a?b=..%2f..%2fc")).toBe("none");
  });
});

test("a URL without a path is no request", () => {
  expect(codeOf("http://h")).toBe("request_invalid");
});
