import { describe, expect, test } from "bun:test";
import { GatewayError } from "../../src/core/errors.ts";
import { KeySecret } from "../../src/core/key.ts";
import type { Route } from "../../src/core/routes.ts";
import { authenticate, type KeyRules } from "../../src/gateway/authenticate.ts";
import { callOf, type CallParts, keyRecord, keysOf, teamRecord } from "./calls.ts";
import { route } from "./route.ts";

const master = "sk-master-0123456789abcdef";
const valid = "sk-valid-0123456789abcdef0123456789";
const other = "sk-other-0123456789abcdef0123456789";
const states = {
  blocked: "sk-blocked-0123456789abcdef01234567",
  expired: "sk-expired-0123456789abcdef01234567",
  revoked: "sk-revoked-0123456789abcdef01234567",
  "its team is blocked": "sk-teamless-0123456789abcdef0123456",
  "its team is gone": "sk-orphan-0123456789abcdef01234567",
} as const;
const unknown = "sk-unknown-0123456789abcdef01234567";

const team = teamRecord({ id: "t1" });
const teams = [team, teamRecord({ id: "t2", blocked: true })];
const found = {
  [valid]: keyRecord({ id: "valid", expiresAt: Date.now() + 1e9 }),
  [other]: keyRecord({ id: "other", teamId: "t1" }),
  [states.blocked]: keyRecord({ blocked: true }),
  [states.expired]: keyRecord({ expiresAt: Date.now() - 1 }),
  [states.revoked]: "revoked" as const,
  [states["its team is blocked"]]: keyRecord({ teamId: "t2" }),
  [states["its team is gone"]]: keyRecord({ teamId: "t3" }),
};

const rules = (): KeyRules & { keys: ReturnType<typeof keysOf> } => ({
  masterKey: new KeySecret(master),
  keys: keysOf(found, teams),
  keyHeader: "x-gate-key",
});

const special = { keyFromBasic: true, callerKeyHeader: "x-mine" };
const open = route({ path: "/", auth: "anyone", ...special });
const local = route({ path: "/", auth: "local", ...special });
const closed = route({ path: "/", auth: "key", ...special });

/** Every place for a key, in order of priority. */
const places: readonly (readonly [name: string, at: (key: string) => CallParts])[] = [
  ["the configured header", (key) => ({ headers: { "x-gate-key": key } })],
  ["x-litellm-api-key", (key) => ({ headers: { "x-litellm-api-key": key } })],
  ["Authorization", (key) => ({ headers: { authorization: key } })],
  ["api-key", (key) => ({ headers: { "api-key": key } })],
  ["x-api-key", (key) => ({ headers: { "x-api-key": key } })],
  ["x-goog-api-key", (key) => ({ headers: { "x-goog-api-key": key } })],
  ["xi-api-key", (key) => ({ headers: { "xi-api-key": key } })],
  ["api_token", (key) => ({ headers: { api_token: key } })],
  ["Ocp-Apim-Subscription-Key", (key) => ({ headers: { "ocp-apim-subscription-key": key } })],
  [
    "?key= on Google's paths",
    (key) => ({ path: "/g/v1beta/models/gemini-pro:generateContent", query: `alt=sse&key=${key}` }),
  ],
  ["the caller's header of the route", (key) => ({ headers: { "x-mine": key } })],
  ["Basic, the user", (key) => ({ headers: { authorization: `Basic ${btoa(`${key}:x`)}` } })],
  ["Basic, the password", (key) => ({ headers: { authorization: `basic ${btoa(`x:${key}`)}` } })],
  [
    "SigV4's Credential",
    (key) => ({
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=${key}/20300101/us-east-1/bedrock/aws4_request, SignedHeaders=host, Signature=0`,
      },
    }),
  ],
  [
    "X-Amz-Credential",
    (key) => ({ query: `a=1&X-Amz-Credential=${key}%2F20300101%2Fus-east-1%2Fs3%2Faws4_request` }),
  ],
  [
    "a WebSocket's sub-protocols",
    (key) => ({
      headers: {
        "sec-websocket-protocol": `realtime, openai-insecure-api-key.${key}, openai-beta.realtime-v1`,
      },
    }),
  ],
];

const schemes = ["", "Bearer ", "bearer ", "Token ", "Key ", "Bearer   "];

describe.each(places)("in %s", (_, at) => {
  test("the master key", () => {
    for (const to of [open, local, closed]) expect(who(at(master), to)).toBe("master");
  });

  test("a virtual key", () => {
    for (const to of [open, local, closed]) expect(who(at(valid), to)).toBe("valid");
    expect(who(at(other), closed)).toBe("other");
  });

  test("one that is not known", () => {
    expect([open, local, closed].map((to) => who(at(unknown), to))).toEqual([
      "anonymous",
      "key_invalid",
      "key_invalid",
    ]);
    expect(who({ ...at(unknown), isLocal: true }, local)).toBe("anonymous");
  });

  test.each(Object.entries(states))("one of which is to be said: %s", (reason, key) => {
    for (const to of [open, local, closed]) {
      for (const isLocal of [true, false]) {
        expect(refusal({ ...at(key), isLocal }, to)).toEqual(["key_invalid", reason]);
      }
    }
  });

  test("without a master key it is none", () => {
    const none = { ...rules(), masterKey: null };
    for (const key of [master, valid, states.blocked, states.revoked]) {
      expect(who(at(key), open, none)).toBe("anonymous");
      expect(who(at(key), closed, none)).toBe("key_unavailable");
      expect(who(at(key), local, none)).toBe("key_unavailable");
    }
    expect(none.keys.asked).toEqual([]);
  });
});

test.each(places.slice(0, 9))("in %s, behind a scheme", (_, at) => {
  for (const scheme of schemes) expect(who(at(scheme + valid), closed)).toBe("valid");
});

describe("of several places", () => {
  test("the first that holds a key of ours decides", () => {
    places.forEach(([, first], index) => {
      for (const [, second] of places.slice(index + 1)) {
        const merged = together(first(valid), second(other));
        if (merged === null) continue;
        expect(who(merged, closed)).toBe("valid");
        expect(who({ ...merged, ...together(first(states.blocked), second(other)) }, open)).toBe(
          "key_invalid",
        );
      }
    });
  });

  test("what is none of ours is passed over", () => {
    places.forEach(([, first], index) => {
      for (const [, second] of places.slice(index + 1)) {
        for (const strange of ["ya29.client-token", unknown, "", "undefined", "Bearer", "x"]) {
          const merged = together(first(strange), second(valid));
          if (merged !== null) expect(who(merged, closed)).toBe("valid");
        }
      }
    });
  });

  test("each header once: both in Authorization are none", () => {
    const joined = { headers: { authorization: `Bearer ${valid}, Bearer ${other}` } };
    expect(who(joined, closed)).toBe("key_invalid");
  });
});

describe("not a place", () => {
  test.each<CallParts>([
    { headers: { cookie: valid } },
    { headers: { "x-pass-authorization": valid } },
    { headers: { x_api_key: valid } },
    { headers: { referer: `http://h/?key=${valid}` } },
    { headers: { authorization: `${valid} x` } },
    { headers: { authorization: `${valid}, x` } },
    { headers: { authorization: `Negotiate ${valid}` } },
    { headers: { "sec-websocket-protocol": valid } },
    { headers: { "sec-websocket-protocol": `x-openai-insecure-api-key.${valid}` } },
    { headers: { authorization: `AWS4-HMAC-SHA256 Other=${valid}/x` } },
    { query: `key=${valid}` },
    { path: "/v1beta/models/x:generateContent", query: `monkey=${valid}` },
    { path: `/${valid}` },
  ])("%j", (parts) => {
    expect(who(parts, closed)).toBe("key_invalid");
  });

  test("Basic and the caller's header are places of their routes alone", () => {
    const bare = route({ path: "/", auth: "key" });
    expect(who({ headers: { "x-mine": valid } }, bare)).toBe("key_invalid");
    expect(who({ headers: { authorization: `Basic ${btoa(`${valid}:`)}` } }, bare)).toBe(
      "key_invalid",
    );
  });
});

describe("what it costs", () => {
  test("one look for a key, and none where nothing looks like one", () => {
    const asked = (parts: CallParts, to = open) => {
      const its = rules();
      who(parts, to, its);
      return its.keys.asked;
    };

    expect(asked({ headers: { authorization: `Bearer ${valid}`, "x-api-key": other } })).toEqual([
      valid,
    ]);
    expect(asked({ headers: { authorization: "Bearer ya29.x", "x-api-key": "AKIA" } })).toEqual([]);
    expect(asked({ headers: { authorization: `Bearer ${master}` } })).toEqual([]);
    expect(asked({ path: "/v1/rerank", query: `key=${valid}` })).toEqual([]);
  });

  test("hostile values take no time", () => {
    const startedAt = performance.now();
    for (const text of [" ", ",", "=", "/", "Bearer ", "AWS4-", "Credential=", "a:"]) {
      const value = text.repeat(60_000 / text.length);
      who({ headers: { authorization: `AWS4-x ${value}`, "sec-websocket-protocol": value } }, open);
      who({ path: `/models/${value}`, query: `key=${value}` }, open);
    }
    expect(performance.now() - startedAt).toBeLessThan(500);
  });
});

test("one answer, whatever is wrong with a key", async () => {
  const bodies = new Set<string>();
  for (const key of [...Object.values(states), unknown, ""]) {
    const error = thrown({ headers: { authorization: `Bearer ${key}` } }, closed);
    bodies.add(JSON.stringify([error.status, error.headers, await error.toResponse("id").text()]));
  }
  expect(bodies.size).toBe(1);
});

function who(parts: CallParts, to: Route, its: KeyRules = rules()): string {
  try {
    const principal = authenticate(callOf(parts), to, its);
    return principal.kind === "key" ? principal.key.id : principal.kind;
  } catch (error) {
    if (error instanceof GatewayError) return error.code;
    throw error;
  }
}

function thrown(parts: CallParts, to: Route): GatewayError {
  try {
    authenticate(callOf(parts), to, rules());
  } catch (error) {
    if (error instanceof GatewayError) return error;
  }
  throw new Error("it was let in");
}

function refusal(parts: CallParts, to: Route): unknown[] {
  const { code, cause } = thrown(parts, to);
  return [code, cause instanceof Error ? cause.message : cause];
}

/** Null where both would stand in one and the same place. */
function together(first: CallParts, second: CallParts): CallParts | null {
  const names = Object.keys(first.headers ?? {});
  if (names.some((name) => second.headers?.[name] !== undefined)) return null;
  const query = [first.query, second.query].filter(Boolean).join("&");
  return { ...first, ...second, query, headers: { ...first.headers, ...second.headers } };
}
