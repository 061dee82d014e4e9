import { afterAll, describe, expect, test } from "bun:test";
import { startGateway } from "../helpers/gateway.ts";
import { rawRequest } from "../helpers/raw-client.ts";
import { startRawUpstream } from "../helpers/raw-upstream.ts";
import { config, get, lastOf, masterKey } from "./wire.ts";

const upstream = await startRawUpstream();
const to = (target: string) => `target: "${upstream.url}${target}", auth: false`;
const defaults = "default_query_params: { version: v1, format: json, auth_level: basic }";
const gateway = await startGateway(
  config(
    [
      `path: /plain, ${to("/t")}, include_subpath: true`,
      `path: /own, ${to("/t?timeout=60&b=%2F+x")}, include_subpath: true`,
      `path: /merged, ${to("/t?timeout=60&b=%2F+x")}, merge_query_params: true`,
      `path: /service, ${to("/t/service?timeout=60")}, ${defaults}`,
      `path: /odd-defaults, ${to("/t")}, default_query_params: { "a b": "x&y=z", n: 7, t: true }`,
      `path: /keyed, ${to("/t?key=provider&alt=sse")}, include_subpath: true`,
      `path: /keyed-merged, ${to("/t?key=provider&alt=sse")}, merge_query_params: true`,
    ],
    `master_key: ${masterKey}`,
  ),
);

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  upstream[Symbol.dispose]();
});

async function up(target: string): Promise<string> {
  const reply = await rawRequest(gateway.port, get(target));
  if (reply.status !== 200) throw new Error(reply.statusLine);
  return (await lastOf(upstream)).target;
}

describe("the client's query", () => {
  test.each([
    "b=2&a=1&b=1&b=2",
    "b=%20+%2B&c&c=&d=a%26b",
    "%7Ea=%e2%82%ac&x=%zz",
    "q=a/b?c&&&=x&=",
    "a[]=1&a[]=2;b=3",
    "redirect=https://h/p?x=1%26y=2",
    `long=${"x".repeat(6_000)}`,
  ])("goes up as sent: %.40s", async (query) => {
    expect(await up(`/plain?${query}`)).toBe(`/t?${query}`);
    expect(await up(`/plain/a%2Fb?${query}`)).toBe(`/t/a%2Fb?${query}`);
  });

  test("no query stays none", async () => {
    expect(await up("/plain")).toBe("/t");
    expect(await up("/plain/")).toBe("/t/");
  });
});

describe("the target's query", () => {
  test("is never lost", async () => {
    expect(await up("/own")).toBe("/t?timeout=60&b=%2F+x");
    expect(await up("/own/sub")).toBe("/t/sub?timeout=60&b=%2F+x");
    expect(await up("/own?c=1&c=2")).toBe("/t?timeout=60&b=%2F+x&c=1&c=2");
    expect(await up("/own?timeout=5")).toBe("/t?timeout=60&b=%2F+x&timeout=5");
  });

  test("yields, merged, to the client's by name", async () => {
    expect(await up("/merged")).toBe("/t?timeout=60&b=%2F+x");
    expect(await up("/merged?timeout=5&c=1&c=2")).toBe("/t?b=%2F+x&timeout=5&c=1&c=2");
    expect(await up("/merged?b&time%6Fut=5")).toBe("/t?b&time%6Fut=5");
  });
});

describe("default_query_params", () => {
  test("rank below the target's and the client's", async () => {
    const sent = await up("/service?format=xml&custom=value");

    const pairs = sent.slice(sent.indexOf("?") + 1).split("&");
    expect(pairs.toSorted()).toEqual(
      ["version=v1", "auth_level=basic", "timeout=60", "format=xml", "custom=value"].toSorted(),
    );
  });

  test("stand where nobody says otherwise", async () => {
    const sent = new URL(await up("/service"), "http://h").searchParams;

    expect(Object.fromEntries(sent)).toEqual({
      version: "v1",
      format: "json",
      auth_level: "basic",
      timeout: "60",
    });
  });

  test("repeats of the client's stay repeats", async () => {
    expect(await up("/service?format=a&format=b")).toEndWith("&format=a&format=b");
  });

  test("are encoded", async () => {
    const sent = new URL(await up("/odd-defaults"), "http://h").searchParams;

    expect(Object.fromEntries(sent)).toEqual({ "a b": "x&y=z", n: "7", t: "true" });
  });
});

describe("keys in a query", () => {
  test.each([
    ["key", `key=${masterKey}`, ""],
    ["key among others", `a=1&key=${masterKey}&a=%20`, "?a=1&a=%20"],
    ["any name", `b=+&anything=${masterKey}&c`, "?b=+&c"],
    ["encoded", `key=${masterKey.replaceAll("-", "%2d")}&c=1`, "?c=1"],
    ["behind a scheme", `auth=Bearer+${masterKey}&c=1`, "?c=1"],
    ["alone", masterKey, ""],
    ["alone with a sign", `${masterKey}=&c=1`, "?c=1"],
    ["twice", `key=${masterKey}&key=${masterKey}&key=other`, "?key=other"],
  ])("the gateway's own is taken out: %s", async (_, query, left) => {
    expect(await up(`/plain?${query}`)).toBe(`/t${left}`);
  });

  test("a client's own goes on where the target has none", async () => {
    expect(await up("/plain?key=AIza-client")).toBe("/t?key=AIza-client");
  });

  test.each(["key=attacker", "%6bey=attacker&KEY=x", "a=1&key=attacker&key=b", "key"])(
    "there is one credential of a name, and it is the target's: %s",
    async (query) => {
      for (const path of ["/keyed", "/keyed-merged"]) {
        const sent = new URL(await up(`${path}?${query}`), "http://h").searchParams;

        expect(sent.getAll("key")).toEqual(["provider"]);
        expect(sent.get("alt")).toBe("sse");
      }
    },
  );
});
