import { describe, expect, test } from "bun:test";
import type { EndpointRecord } from "../../src/core/endpoint-book.ts";
import type { KeyRecord, TeamRecord } from "../../src/core/key-record.ts";
import type { KeyStore } from "../../src/core/key-store.ts";
import type { SessionRecord } from "../../src/core/session-store.ts";

const payer = {
  alias: null,
  blocked: false,
  limits: { rpm: null, tpm: null, parallel: null, budget: null },
  budgetDuration: null,
  modelLimits: null,
  models: [],
  allowedRoutes: [],
  allowedPassThroughRoutes: [],
  tags: [],
  metadata: "{}",
  createdAt: 1,
  createdBy: "a",
  updatedAt: 2,
  updatedBy: "b",
};

function keyRecord(id: string, more: Partial<KeyRecord> = {}): KeyRecord {
  return {
    ...payer,
    id,
    digest: `digest of ${id}`.padEnd(44, "="),
    name: "sk-...abcd",
    teamId: null,
    userId: null,
    role: null,
    expiresAt: null,
    softBudgetNanoUsd: null,
    ...more,
  };
}

const team: TeamRecord = { ...payer, id: "t", tags: ["ä", '"'], models: ["m"] };
const entry = { id: "1", at: 5, actor: "a", action: "b", subject: "s", before: null, after: "{}" };
const all = { page: 1, size: 100 };

function endpointRecord(id: string, more: Partial<EndpointRecord> = {}): EndpointRecord {
  return {
    id,
    version: 1,
    settings: '{"path":"/ü","headers":{"a":null}}',
    sealed: { "headers.a": { kid: "k", nonce: "n", text: "t" } },
    createdAt: 1,
    createdBy: "a",
    updatedAt: 2,
    updatedBy: "b",
    ...more,
  };
}

function sessionRecord(id: string, more: Partial<SessionRecord> = {}): SessionRecord {
  return {
    digest: `digest of ${id}`,
    id,
    keyId: null,
    keyDigest: "of the key",
    createdAt: 10,
    seenAt: 20,
    userAgent: "Mozilla/5.0",
    ...more,
  };
}

/** What every backend of `KeyStore` keeps to. `open` gives a store, each time over the same files. */
export function keyStoreContract(
  backend: string,
  setUp: () => { open(): KeyStore; [Symbol.dispose](): void },
): void {
  describe(`keys in ${backend}`, () => {
    test("a record comes back as it was put in, found by digest, id and alias", () => {
      using place = setUp();
      const store = place.open();
      const record = keyRecord("k", {
        alias: "ü",
        role: "proxy_admin",
        limits: {
          rpm: 0,
          tpm: Number.MAX_SAFE_INTEGER,
          parallel: 1,
          budget: { maxNanoUsd: Number.MAX_SAFE_INTEGER, period: { kind: "months", months: 1 } },
        },
        budgetDuration: "1mo",
        modelLimits: {
          rpm: { a: 1 },
          tpm: { b: 2 },
          budgets: { c: { maxNanoUsd: 3, period: { kind: "fixed", ms: 4 } } },
        },
      });
      store.addKey(record);

      expect(store.find(record.digest)).toEqual(record);
      expect(store.key("k")).toEqual(record);
      expect(store.byAlias("ü")).toEqual(record);
      expect(place.open().key("k")).toEqual(record);
      expect([store.find("x"), store.key("x"), store.byAlias("x")]).toEqual([null, null, null]);
    });

    test("a record is replaced under its id; its digest too", () => {
      using place = setUp();
      const store = place.open();
      const record = keyRecord("k");
      store.addKey(record);

      store.putKey({ ...record, blocked: true, digest: "another" });

      expect(store.find(record.digest)).toBeNull();
      expect(store.find("another")).toEqual({ ...record, blocked: true, digest: "another" });
      store.replaceDigest("another", "third");
      store.replaceDigest("nobody's", "fourth");
      expect([store.find("another"), store.key("k")?.digest]).toEqual([null, "third"]);
    });

    test("a revoked digest is known for good, and moves to another digest like a key", () => {
      using place = setUp();
      const store = place.open();
      const record = keyRecord("k");
      store.addKey(record);
      expect(store.isEmpty()).toBe(false);

      store.removeKey("k");
      expect(store.isEmpty()).toBe(true);
      store.addRevoked(record.digest, "k", 1);
      store.addRevoked(record.digest, "k", 2);

      expect(store.find(record.digest)).toBe("revoked");
      expect(store.digests()).toEqual([record.digest]);
      expect(store.isEmpty()).toBe(false);
      store.replaceDigest(record.digest, "other");
      expect([store.find(record.digest), store.find("other")]).toEqual([null, "revoked"]);
    });

    test("digests, aliases, ids are nobody's twice", () => {
      using place = setUp();
      const store = place.open();
      store.addKey(keyRecord("k", { alias: "a" }));

      const twice = [
        keyRecord("k", { digest: "x" }),
        keyRecord("l", { alias: "a" }),
        keyRecord("l", { digest: keyRecord("k").digest }),
      ];
      for (const record of twice) {
        expect(() => store.atomically(() => store.addKey(record))).toThrow();
      }
      expect(store.digests()).toHaveLength(1);
    });
  });

  describe(`teams, imports, audit and pepper in ${backend}`, () => {
    test("a team comes back as it was put in, and goes once no key is left", () => {
      using place = setUp();
      const store = place.open();
      store.addTeam(team);
      store.addKey(keyRecord("k", { teamId: "t" }));

      expect(store.team("t")).toEqual(team);
      expect(store.ofTeam("t").map(({ id }) => id)).toEqual(["k"]);
      expect(() => store.atomically(() => store.removeTeam("t"))).toThrow();
      store.putTeam({ ...team, blocked: true });
      store.removeKey("k");
      expect(store.teams(all)).toEqual({ items: [{ ...team, blocked: true }], total: 1 });
      store.removeTeam("t");
      expect(store.team("t")).toBeNull();
    });

    test("what was imported once is known", () => {
      using place = setUp();
      const store = place.open();

      store.addImported("x");

      expect([store.wasImported("x"), store.wasImported("y")]).toEqual([true, false]);
      expect(store.isEmpty()).toBe(true);
    });

    test("audit entries come back, the newest first, page by page", () => {
      using place = setUp();
      const store = place.open();
      for (const id of ["1", "2", "3"]) store.addAudit({ ...entry, id });

      const { items, total } = store.audit({}, { page: 2, size: 2 });

      expect([items, total]).toEqual([[{ ...entry, id: "1" }], 3]);
    });

    test("the last pepper that was set is the pepper", () => {
      using place = setUp();
      const store = place.open();
      expect(store.pepper()).toBeNull();

      store.setPepper({ check: "a", source: "b" });
      store.setPepper({ check: "c", source: "d" });

      expect(place.open().pepper()).toEqual({ check: "c", source: "d" });
    });
  });

  describe(`endpoints and sessions in ${backend}`, () => {
    test("endpoints come back as they were put in, the oldest first", () => {
      using place = setUp();
      const store = place.open();
      const [z, a] = [endpointRecord("z"), endpointRecord("a", { sealed: {} })];
      store.addEndpoint(z);
      store.addEndpoint(a);

      store.putEndpoint({ ...z, version: 2, updatedBy: "c" });

      expect(place.open().endpoints()).toEqual([{ ...z, version: 2, updatedBy: "c" }, a]);
      expect(() => store.atomically(() => store.addEndpoint(a))).toThrow();
      store.removeEndpoint("z");
      store.removeEndpoint("nobody");
      expect(store.endpoints()).toEqual([a]);
    });

    test("a sealed text is something that needs the salt key; an endpoint without is not", () => {
      using place = setUp();
      const store = place.open();

      store.addEndpoint(endpointRecord("plain", { sealed: {} }));
      expect(store.isEmpty()).toBe(true);
      store.addEndpoint(endpointRecord("sealed"));
      expect(store.isEmpty()).toBe(false);
      store.removeEndpoint("sealed");
      expect(store.isEmpty()).toBe(true);
    });

    test("a session is found by its digest, touched and removed", () => {
      using place = setUp();
      const store = place.open();
      const record = sessionRecord("s", { keyId: "k" });
      store.addSession(record);
      store.addSession(sessionRecord("older", { createdAt: 5 }));

      store.touchSession(record.digest, 30);

      expect(place.open().session(record.digest)).toEqual({ ...record, seenAt: 30 });
      expect(store.session("x")).toBeNull();
      expect(store.sessions().map(({ id }) => id)).toEqual(["older", "s"]);
      store.removeSession(record.digest);
      expect(store.session(record.digest)).toBeNull();
      expect(store.isEmpty()).toBe(true);
    });

    test("the sessions of one key go, and no others", () => {
      using place = setUp();
      const store = place.open();
      store.addSession(sessionRecord("first", { keyId: "k" }));
      store.addSession(sessionRecord("other", { keyId: "other" }));
      store.removeSessionsOf("k");
      expect(store.sessions().map(({ keyId }) => keyId)).toEqual(["other"]);
    });

    test("sessions go that are too old, or were not seen for too long", () => {
      using place = setUp();
      const store = place.open();
      store.addSession(sessionRecord("old", { createdAt: 9 }));
      store.addSession(sessionRecord("idle", { seenAt: 19 }));
      store.addSession(sessionRecord("good"));

      store.removeStaleSessions(10, 20);

      expect(store.sessions().map(({ id }) => id)).toEqual(["good"]);
    });
  });

  describe(`transactions in ${backend}`, () => {
    test("a throw takes everything back, and comes through as it is", () => {
      using place = setUp();
      const store = place.open();
      const error = new Error("no");

      const work = () =>
        store.atomically(() => {
          store.addKey(keyRecord("k"));
          store.atomically(() => store.addAudit(entry));
          throw error;
        });

      expect(work).toThrow(error);
      expect([store.digests(), store.audit({}, all).total]).toEqual([[], 0]);
    });

    test("the version tells of others' writes alone", () => {
      using place = setUp();
      const [here, there] = [place.open(), place.open()];
      const before = here.version();

      here.addTeam(team);
      expect(here.version()).toBe(before);
      there.addKey(keyRecord("k"));
      expect(here.version()).not.toBe(before);
    });
  });
}
