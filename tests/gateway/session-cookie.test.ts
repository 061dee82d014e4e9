import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { cookieValues, withoutSession } from "../../src/gateway/session-cookie.ts";
import { type Gateway, startGateway } from "../helpers/gateway.ts";
import { rawRequest } from "../helpers/raw-client.ts";
import { type RawUpstream, startRawUpstream } from "../helpers/raw-upstream.ts";
import { config, get, lastOf, masterKey, sent } from "./wire.ts";

const token = "c2Vzc2lvbi10b2tlbi1vZi10aGlzLXRlc3QtMTIzNDU";
const plain = `tollgate_session=${token}`;
const secure = `__Host-tollgate_session=${token}`;

describe("a browser's session with the admin page", () => {
  let upstream: RawUpstream;
  let gateway: Gateway;
  const ask = (target: string, ...lines: string[]) =>
    rawRequest(gateway.port, get(target, ...lines));
  const cookies = async (...lines: string[]) => {
    await ask("/all", ...lines);
    return sent(await lastOf(upstream), "cookie");
  };

  beforeAll(async () => {
    upstream = await startRawUpstream();
    gateway = await startGateway(
      config(
        [
          `path: /all, target: "${upstream.url}/up", auth: false, forward_headers: true`,
          `path: /none, target: "${upstream.url}/up", auth: false`,
          `path: /own, target: "${upstream.url}/up", auth: false, forward_headers: true, headers: { Cookie: "${plain}" }`,
          `path: /keyed, target: "${upstream.url}/up", auth: true, forward_headers: true`,
        ],
        `master_key: ${masterKey}`,
      ),
    );
  });

  afterAll(async () => {
    await gateway[Symbol.asyncDispose]();
    upstream[Symbol.dispose]();
  });

  test("does not go up with forward_headers, alone or among others", async () => {
    expect(await cookies(`Cookie: ${plain}`)).toEqual([]);
    expect(await cookies(`Cookie: ${secure}`)).toEqual([]);
    expect(await cookies(`Cookie: ${plain}; ${secure}`)).toEqual([]);
    expect(await cookies(`Cookie: a=1; ${plain}; b=2`)).toEqual(["a=1; b=2"]);
    expect(await cookies(`Cookie: ${secure}; a=1`)).toEqual(["a=1"]);
    expect(await cookies(`Cookie: tollgate_session_4000=${token}; a=1`)).toEqual(["a=1"]);
    expect(await cookies(`Cookie: a=1;${plain}`)).toEqual(["a=1"]);
    expect(await cookies(`cookie: tollgate_session = ${token} ; a=1`)).toEqual(["a=1"]);
  });

  test("does not go up in a second header line either", async () => {
    const up = await cookies("Cookie: a=1", `Cookie: ${plain}`, `Cookie: b=2; ${secure}`);

    expect(up.join("; ")).not.toContain(token);
    expect(up.join("; ")).toContain("a=1");
    expect(up.join("; ")).toContain("b=2");
  });

  test("does not go up as x-pass-cookie, and not where no header does", async () => {
    await ask("/none", `x-pass-cookie: ${plain}; a=1`, `Cookie: ${plain}`);

    expect(sent(await lastOf(upstream), "cookie")).toEqual(["a=1"]);
    expect((await lastOf(upstream)).headerLines.join()).not.toContain(token);
  });

  test("leaves the others as they were, to the byte", async () => {
    for (const line of [
      'a="1;2";b=tollgate_sessions;  c',
      "xtollgate_session=1; tollgate_session2=2; Tollgate_Session=3",
      "a=tollgate_session=x",
    ]) {
      expect(await cookies(`Cookie: ${line}`)).toEqual([line]);
    }
    expect(await cookies(`Cookie: b==;  ${plain};c = 3;a=1; a=2`)).toEqual(["b==;c = 3;a=1; a=2"]);
  });

  test("is not what a route's own header says", async () => {
    await ask("/own", `Cookie: ${secure}`);

    expect(sent(await lastOf(upstream), "cookie")).toEqual([plain]);
  });

  test("is no key of the data plane", async () => {
    const before = upstream.requests.length;
    const replies = [
      await ask("/keyed", `Cookie: ${plain}`),
      await ask("/keyed", `Authorization: Bearer ${token}`),
      await ask("/keyed", `x-api-key: ${token}`),
    ];

    expect(replies.map(({ status }) => status)).toEqual([401, 401, 401]);
    expect(upstream.requests.length).toBe(before);
  });
});

test("cookies are read by their whole name", () => {
  const header = `a=1; ${plain};tollgate_session=; x${plain}; tollgate_session`;

  expect(cookieValues(header, "tollgate_session")).toEqual([token, "", "tollgate_session"]);
  expect(cookieValues(header, "__Host-tollgate_session")).toEqual([]);
  expect(withoutSession("")).toBe("");
  expect(withoutSession(header)).toBe(`a=1; x${plain}`);
});
