import { describe, expect, test } from "bun:test";
import type { KeyChanges } from "../../src/core/key-book.ts";
import { codeOf, inForce, testBook } from "./book.ts";

const everything: KeyChanges = {
  alias: "chat backend",
  blocked: false,
  limits: {
    rpm: 60,
    tpm: 1_000,
    parallel: 5,
    budget: { maxNanoUsd: 10_000_000_000, period: null },
  },
  budgetDuration: "30d",
  modelLimits: {
    rpm: { "gpt-4o": 5, __proto__x: 1 },
    tpm: {},
    budgets: {
      "gpt-4o": { maxNanoUsd: 5, period: { kind: "months", months: 1 } },
      other: { maxNanoUsd: 6, period: { kind: "fixed", ms: 60_000 } },
      third: { maxNanoUsd: 7, period: null },
    },
  },
  models: ["gpt-4*"],
  allowedRoutes: ["llm_api_routes"],
  allowedPassThroughRoutes: ["/v1/rerank"],
  tags: ["a", "b"],
  metadata: '{"owner":"ops"}',
  userId: "ada",
  role: "proxy_admin",
  expiresAt: 5_000,
  softBudgetNanoUsd: 1,
};

const nobody = "0".repeat(32);

describe("a new key", () => {
  test("is 256 random bits, and found by itself alone", () => {
    using opened = testBook();
    const { book } = opened;

    const { key, record } = book.create({}, null, "master key");

    expect(key).toMatch(/^sk-[A-Za-z0-9_-]{43}$/);
    expect(record.id).toMatch(/^[0-9a-f]{32}$/);
    expect(record.name).toBe(`sk-...${key.slice(-4)}`);
    expect(book.find(key)).toEqual(record);
    for (const other of [
      key.slice(0, -1),
      `${key}x`,
      key.toLowerCase(),
      record.id,
      record.digest,
    ]) {
      expect(book.find(other)).toBeNull();
    }
  });

  test("has the defaults where nothing is said", () => {
    using opened = testBook(() => 77);

    const { record } = opened.book.create({}, null, "me");

    const { id, digest, name, ...rest } = record;
    expect([id, digest, name].every((text) => text !== "")).toBe(true);
    expect(rest).toEqual({
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
      createdAt: 77,
      createdBy: "me",
      updatedAt: 77,
      updatedBy: "me",
      teamId: null,
      userId: null,
      role: null,
      expiresAt: null,
      softBudgetNanoUsd: null,
    });
  });

  test("keeps everything over a restart, the budget's period read from its duration", () => {
    using opened = testBook();
    const team = opened.book.createTeam("t-1", {}, "me");

    const { key, record } = opened.book.create({ ...everything, teamId: team.id }, null, "me");

    expect(record).toMatchObject({ ...everything, teamId: "t-1", limits: { rpm: 60 } });
    expect(record.limits.budget?.period).toEqual({ kind: "fixed", ms: 30 * 86_400_000 });
    expect(opened.again().find(key)).toEqual(record);
  });

  test("keeps limits of a model called __proto__", () => {
    using opened = testBook();
    const rpm: Record<string, number> = JSON.parse('{"__proto__": 3}');

    const { record } = opened.book.create(
      { modelLimits: { rpm, tpm: {}, budgets: {} } },
      null,
      "m",
    );

    const limits = opened.book.key(record.id)?.modelLimits;
    expect(Object.entries(limits?.rpm ?? {})).toEqual([["__proto__", 3]]);
    expect(Object.getPrototypeOf(limits?.rpm)).toBe(Object.prototype);
  });

  test("may be brought along, once", () => {
    using opened = testBook();
    const { book } = opened;
    const own = "sk-my.own_key~with+all=marks-1";

    const { record } = book.create({}, own, "me");

    expect(inForce(book, own).id).toBe(record.id);
    expect(codeOf(() => book.create({}, own, "me"))).toStartWith("request_invalid");
    book.revoke([record.id], "me");
    expect(codeOf(() => book.create({}, own, "me"))).toStartWith("request_invalid");
  });

  test.each([
    "",
    "sk-",
    "sk-short",
    "pk-0123456789abcdef",
    `sk-${"x".repeat(254)}`,
    "sk-0123456789 abcdef",
  ])("%p is none", (own) => {
    using opened = testBook();

    expect(codeOf(() => opened.book.create({}, own, "me"))).toStartWith("request_invalid");
    expect(opened.book.audit.list({}, { page: 1, size: 9 }).total).toBe(0);
  });

  test("an alias that is taken and a team that is not there are refused, and leave nothing", () => {
    using opened = testBook();
    const { book } = opened;
    book.create({ alias: "a" }, null, "me");

    expect(codeOf(() => book.create({ alias: "a" }, null, "me"))).toStartWith("request_invalid");
    expect(codeOf(() => book.create({ teamId: "t" }, null, "me"))).toContain("team_id");
    expect(codeOf(() => book.create({ budgetDuration: "soon" }, null, "me"))).toContain("30d");
    expect(codeOf(() => book.create({ metadata: "[]" }, null, "me"))).toContain("metadata");
    expect(book.audit.list({}, { page: 1, size: 9 }).total).toBe(1);
    const page = book.list({}, { by: "alias", descending: false }, { page: 1, size: 9 });
    expect(page.total).toBe(1);
  });
});

describe("changes", () => {
  test("are seen by the next call", () => {
    using opened = testBook();
    const { book } = opened;
    const { key, record } = book.create({}, null, "me");
    expect(inForce(book, key).blocked).toBe(false);

    book.change(record.id, { blocked: true, budgetDuration: "1d" }, "you");

    expect(inForce(book, key)).toMatchObject({ blocked: true, updatedBy: "you", createdBy: "me" });
    expect(codeOf(() => book.change(nobody, {}, "me"))).toStartWith("not_found");
  });

  test("an alias may be kept, and given on once it is free", () => {
    using opened = testBook();
    const { book } = opened;
    const first = book.create({ alias: "a" }, null, "me").record;
    const second = book.create({}, null, "me").record;

    book.change(first.id, { alias: "a", blocked: true }, "me");
    expect(codeOf(() => book.change(second.id, { alias: "a" }, "me"))).toStartWith("request_inv");
    book.change(first.id, { alias: "b" }, "me");
    book.change(second.id, { alias: "a" }, "me");

    expect(book.byAlias("a")?.id).toBe(second.id);
  });

  test("a revoked key is none from the next call on, and stays known as revoked", () => {
    using opened = testBook();
    const { book } = opened;
    const { key, record } = book.create({}, null, "me");
    expect(inForce(book, key).id).toBe(record.id);

    book.revoke([record.id], "me");

    expect(book.find(key)).toBe("revoked");
    expect(book.key(record.id)).toBeNull();
    expect(book.byReference(key)).toBeNull();
    expect(opened.again().find(key)).toBe("revoked");
  });

  test("revoking is all or none", () => {
    using opened = testBook();
    const { book } = opened;
    const { key, record } = book.create({}, null, "me");

    expect(codeOf(() => book.revoke([record.id, nobody], "me"))).toStartWith("not_found");

    expect(inForce(book, key).id).toBe(record.id);
    expect(opened.again().key(record.id)).not.toBeNull();
    expect(book.audit.list({ action: "key.revoke" }, { page: 1, size: 9 }).total).toBe(0);
  });

  test("a regenerated key has the old one's id and limits, and the old one is revoked", () => {
    using opened = testBook();
    const { book } = opened;
    const { key, record } = book.create({ ...everything }, null, "me");
    expect(inForce(book, key).id).toBe(record.id);

    const renewed = book.regenerate(record.id, { alias: "new" }, null, "me");

    expect(renewed.key).not.toBe(key);
    expect(renewed.record).toMatchObject({ id: record.id, alias: "new", limits: record.limits });
    expect(book.find(key)).toBe("revoked");
    expect(inForce(book, renewed.key).id).toBe(record.id);
    expect(codeOf(() => book.regenerate(record.id, {}, renewed.key, "me"))).toStartWith("request_");
  });
});
