import { describe, expect, test } from "bun:test";
import { KeySecret } from "../../src/core/key.ts";
import { buildRequest, type Scrub } from "../../src/gateway/build-request.ts";
import { holdsKey, pathHoldsKey, scrubText } from "../../src/gateway/own-keys.ts";
import { bytesOf, callOf, keyRecord, keysOf } from "./calls.ts";
import { route } from "./route.ts";

const master = "sk-master-0123456789abcdef";
const oddMaster = "Pass;word,with&all=sorts/of:things?";
const active = "sk-Active_0123456789-abcdefghijklmnopqrstuvwxyz";
const expired = "sk-Expired_0123456789-abcdefghijklmnopqrstuvwxy";
const blocked = "sk-Blocked_0123456789-abcdefghijklmnopqrstuvwxy";
const revoked = "sk-Revoked_0123456789-abcdefghijklmnopqrstuvwxy";
const chosen = "sk-chosen.by~me+0123=";

const keys = keysOf({
  [active]: keyRecord(),
  [expired]: keyRecord({ expiresAt: 1 }),
  [blocked]: keyRecord({ blocked: true }),
  [revoked]: "revoked",
  [chosen]: keyRecord(),
});
const own = { masterKey: new KeySecret(master), keys };
const odd = { masterKey: new KeySecret(oddMaster), keys };

const forms: readonly ((key: string) => string)[] = [
  (key) => key,
  (key) => `Bearer ${key}`,
  (key) => `token  ${key} `,
  (key) => `a, ${key}`,
  (key) => `a=1; session=${key}; b=2`,
  (key) => `b=2;a="${key}"`,
  (key) => `token=${key}`,
  (key) => `Basic ${btoa(`user:${key}`)}`,
  (key) => `basic ${btoa(`${key}:`)}`,
  (key) => `BASIC ${btoa(key)}`,
  (key) => `Bearer other, Basic ${btoa(`user:${key}`)}`,
  (key) => `realtime, openai-insecure-api-key.${key}`,
  (key) => `AWS4-HMAC-SHA256 Credential=${key}/20300101/us-east-1, Signature=0`,
  (key) => `http://h/?key=${key}`,
  (key) => `http://h/?a=b&key=${encodeURIComponent(key)}#x`,
  (key) => `session=${encodeURIComponent(`s:${key}`)}`,
];

/** Of keys in the form of virtual ones, more is found. */
const furtherForms: readonly ((key: string) => string)[] = [
  (key) => `{"api_key":"${key}"}`,
  (key) => `http://h/${key}/x`,
  (key) => `<${key}>`,
  (key) => `a=b=${key}`,
  (key) => `user:${key}@host`,
];

describe.each([active, expired, blocked, revoked, chosen, master])("%s", (key) => {
  test.each([...forms, ...furtherForms])("stands in %p", (form) => {
    expect(holdsKey(form(key), own)).toBe(true);
    expect(scrubText(form(key), own)).toBeNull();
  });

  test.each([
    `${key}x`,
    `x${key}`,
    `Bearer x${key}`,
    key.slice(0, -1),
    key.slice(1),
    key.toUpperCase(),
    `Basic ${btoa(`user:${key}x`)}`,
  ])("does not stand in %s", (value) => {
    expect(holdsKey(value, own)).toBe(false);
    expect(scrubText(value, own)).toBe(value);
  });
});

test("a key that was made here is found before a signature too", () => {
  for (const key of [active, master]) {
    expect(holdsKey(`session=${key}.c2lnbmF0dXJl`, own)).toBe(true);
    expect(holdsKey(`${key}=1`, own)).toBe(true);
  }
});

test("a master key may look like anything", () => {
  for (const value of [oddMaster, `Bearer ${oddMaster}`, `Basic ${btoa(`:${oddMaster}`)}`]) {
    expect(holdsKey(value, odd)).toBe(true);
  }
  expect(holdsKey(`Bearer ${oddMaster}x`, odd)).toBe(false);
  expect(holdsKey(active, { masterKey: null, keys })).toBe(true);
});

test.each([active, expired, blocked, revoked, chosen, master])("%s stands in a path", (key) => {
  for (const path of [
    `/a/${key}/b`,
    `/${key}`,
    `/a/${key.replace("sk-", "%73k%2d")}/b`,
    `/a;k=${key}/`,
  ]) {
    expect(pathHoldsKey(path, own)).toBe(true);
  }
  for (const path of [
    "/",
    "/a/b",
    "/a%20b/c",
    `/a/${key}x`,
    `/risk-free/${key.slice(3)}`,
    "/sk-a",
  ]) {
    expect(pathHoldsKey(path, own)).toBe(false);
  }
});

test("a master key of another form stands in a path too", () => {
  expect(pathHoldsKey(`/a/${encodeURIComponent(oddMaster)}/b`, odd)).toBe(true);
  expect(
    pathHoldsKey("/a/word-of-32-characters-0123456789/b", {
      masterKey: new KeySecret("word-of-32-characters-0123456789"),
      keys,
    }),
  ).toBe(true);
});

test.each([
  "",
  "sk-",
  "sk-short",
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 risk-free task-0123456789abcdef",
  "sk-proj-0123456789abcdefghijklmnop",
  "%",
  "100%",
  "%73k-",
  "Basic",
  "Basic %%%",
])("%p holds none", (value) => {
  expect(holdsKey(value, own)).toBe(false);
});

test("nothing is looked up where nothing looks like a key", () => {
  const asked = keysOf();
  for (const value of ["application/json", "Bearer ya29.token", "text/plain; a=1", "%41"]) {
    holdsKey(value, { masterKey: null, keys: asked });
  }
  expect(asked.asked).toEqual([]);
});

test("hostile values take no time", () => {
  const startedAt = performance.now();
  for (const piece of [
    "sk-",
    "sk-aaaaaaaaaaaaa,",
    "sk-.",
    "%73k-",
    ", basic ",
    "=",
    "a=b; ",
    "%",
  ]) {
    holdsKey(piece.repeat(64_000 / piece.length), own);
  }
  expect(performance.now() - startedAt).toBeLessThan(1_000);
});

describe("upstream", () => {
  const scrub: Scrub = { ...own, keyHeader: "x-gate-key", userAgent: "tollgate/0" };
  const forward = {
    forward: true,
    fixed: {},
    fixedNames: new Set<string>(),
    ownCredential: false,
    langfuse: false,
  };
  const to = route({ path: "/", callerKeyHeader: "x-mine", headers: forward });
  const sent = (headers: Record<string, string>, query = "") =>
    buildRequest(callOf({ headers, query }), { route: to, subpath: "" }, bytesOf(""), scrub);

  test.each([active, expired, blocked, revoked, chosen, master])("%s goes nowhere", (key) => {
    for (const form of [...forms, ...furtherForms]) {
      for (const name of ["authorization", "x-any", "x-pass-x-any", "accept", "content-type"]) {
        const values = Object.values(sent({ [name]: form(key) }).headers);
        expect(values.toSorted()).toEqual(["identity", "tollgate/0"]);
      }
    }
    expect(sent({ "x-gate-key": "theirs", "x-mine": "theirs" }).headers).toEqual({
      "accept-encoding": "identity",
      "user-agent": "tollgate/0",
    });
    expect(sent({}, `key=${key}&a=1`).url).toBe("http://h/?a=1");
  });

  test("of cookies only the one with the key goes", () => {
    expect(
      sent({ cookie: `a=1; s=${active}; t=${encodeURIComponent(`s:${master}`)}; b=2` }).headers,
    ).toMatchObject({ cookie: "a=1; b=2" });
    expect(sent({ cookie: `s=${active}` }).headers["cookie"]).toBeUndefined();
  });

  test("names with an underscore are other names (B25)", () => {
    const { headers } = sent({ x_api_key: active, authorization_: "theirs", x_a: "1" });
    expect(headers).toMatchObject({ authorization_: "theirs", x_a: "1" });
    expect(headers["x_api_key"]).toBeUndefined();
  });

  test("the client's own credential for the upstream goes on", () => {
    const theirs = { authorization: "Bearer sk-proj-theirs-0123456789", "x-api-key": "theirs" };
    expect(sent({ ...theirs, "x-litellm-api-key": active }).headers).toMatchObject(theirs);
  });
});
