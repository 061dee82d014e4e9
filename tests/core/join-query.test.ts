import { describe, expect, test } from "bun:test";
import { KeySecret } from "../../src/core/key.ts";
import type { QueryPlan } from "../../src/core/routes.ts";
import { joinQuery } from "../../src/gateway/join-query.ts";
import { keyRecord, keysOf } from "./calls.ts";

const plain: QueryPlan = { defaults: [], merge: false, credentialNames: new Set() };
const merged: QueryPlan = { ...plain, merge: true };
const master = "sk-0123456789abcdef";
const virtual = "sk-virtual_0123456789-abcdef";
const revoked = "sk-revoked_0123456789-abcdef";
const chosen = "sk-chosen+by=me.0123~";
const keys = keysOf({ [virtual]: keyRecord(), [revoked]: "revoked", [chosen]: keyRecord() });
const own = { masterKey: new KeySecret(master), keys };
const nothing = { masterKey: null, keys: keysOf() };

const join = (target: string, client: string, plan = plain) => joinQuery(target, client, plan, own);

describe("without merging", () => {
  test.each([
    ["", "", ""],
    ["a=1", "", "a=1"],
    ["", "b=2", "b=2"],
    ["a=1", "a=2&a=3", "a=1&a=2&a=3"],
    ["a", "b&&=&c=", "a&b&&=&c="],
  ])("%p and %p", (target, client, expected) => {
    expect(join(target, client)).toBe(expected);
  });
});

describe("merged by name: defaults, then the target's, then the client's", () => {
  test.each([
    ["", "", [], ""],
    ["t=1", "c=1", ["d=1"], "d=1&t=1&c=1"],
    ["a=t&t=1", "a=c&a=d", ["a=d"], "t=1&a=c&a=d"],
    ["a=t", "", ["a=d"], "a=t"],
    ["a%20b=t", "a+b=c", [], "a+b=c"],
    ["a=t", "%61=c", [], "%61=c"],
    ["a=t&a=u", "b=c", [], "a=t&a=u&b=c"],
    ["%zz=t", "%zz=c", [], "%zz=c"],
    ["__proto__=t", "constructor=c", ["toString=d"], "toString=d&__proto__=t&constructor=c"],
  ] as const)("%p and %p over %p", (target, client, defaults, expected) => {
    expect(join(target, client, { ...merged, defaults })).toBe(expected);
  });
});

describe("keys", () => {
  test.each([
    [`key=${master}`, ""],
    [`a=1&key=${master}&b=2`, "a=1&b=2"],
    [`a=%20&b=${encodeURIComponent(`Bearer ${master}`)}`, "a=%20"],
    [`a=${master}x`, `a=${master}x`],
    ["a=1&&b", "a=1&&b"],
    [`key=${virtual}&alt=sse`, "alt=sse"],
    [`a=1&key=${revoked}`, "a=1"],
    [`alt=sse&${virtual}&b=%20`, "alt=sse&b=%20"],
    [`${virtual}=1&b=2`, "b=2"],
    [`a=x,${virtual};y`, ""],
    [`a=%73k%2Dvirtual_0123456789-abcdef&b=1`, "b=1"],
    [`a=%zz%73k-virtual_0123456789-abcdef`, `a=%zz%73k-virtual_0123456789-abcdef`],
    [`a=%zz,%73k-virtual_0123456789-abcdef`, ""],
    [`a=${encodeURIComponent(`{"api_key":"${virtual}"}`)}`, ""],
    [`X-Amz-Credential=${virtual}%2F2030%2Fs3&X-Amz-Date=1`, "X-Amz-Date=1"],
    [`a=${chosen}`, ""],
    [`a=${encodeURIComponent(chosen)}`, ""],
    [`a=${virtual}x&b=x${virtual}`, `a=${virtual}x&b=x${virtual}`],
    ["key=sk-proj-somebody-elses-key-0123", "key=sk-proj-somebody-elses-key-0123"],
    [`a=Basic%20${btoa(`u:${virtual}`)}`, ""],
  ])("the gateway's own is taken out of %p", (client, expected) => {
    expect(join("", client)).toBe(expected);
  });

  test("without one nothing is touched", () => {
    expect(joinQuery("t=1", `key=${master}&&`, plain, nothing)).toBe(`t=1&key=${master}&&`);
  });

  test("virtual ones go without a master key too", () => {
    const some = { masterKey: null, keys };

    expect(joinQuery("", `key=${virtual}&b=2`, plain, some)).toBe("b=2");
    expect(joinQuery("", `a=%73k-virtual_0123456789-abcdef`, plain, some)).toBe("");
  });

  test.each([plain, merged])("a credential of the target's stands alone", (plan) => {
    const keyed = { ...plan, credentialNames: new Set(["key"]) };

    expect(join("key=ours&t=1", "a=1&key=theirs&k%65y=theirs", keyed)).toBe("key=ours&t=1&a=1");
    expect(joinQuery("key=ours", "key=theirs", keyed, nothing)).toBe("key=ours");
  });
});

test("ten thousand parameters take no time", () => {
  const client = Array.from({ length: 10_000 }, (_, n) => `p${n}=${n}`).join("&");
  const startedAt = performance.now();

  join("t=1", client, { ...merged, credentialNames: new Set(["key"]) });

  expect(performance.now() - startedAt).toBeLessThan(500);
});
