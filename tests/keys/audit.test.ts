import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sha256Of } from "../../src/core/key.ts";
import { testBook } from "./book.ts";

describe("what is kept", () => {
  const secret = "sk-canary-0123456789abcdefghij";
  const password = "correct horse battery staple 9";

  test("no key, and no secret in the audit log, stands in any file", () => {
    using opened = testBook();
    const { book } = opened;
    const made = book.create(
      {
        alias: secret,
        tags: [secret],
        metadata: JSON.stringify({
          note: `x ${secret}`,
          nested: [{ db_password: password }],
          n: 1,
        }),
      },
      null,
      "master key",
    );
    const { key } = book.regenerate(
      made.record.id,
      {},
      "sk-canary-own-key-9876543210",
      "master key",
    );
    book.revoke([made.record.id], "master key");

    const entries = book.audit.list({}, { page: 1, size: 10 }).items;
    const log = JSON.stringify(entries);
    const onDisk = readdirSync(opened.directory).map((name) =>
      readFileSync(join(opened.directory, name), "latin1"),
    );

    expect(entries.map(({ action }) => action)).toEqual([
      "key.revoke",
      "key.regenerate",
      "key.create",
    ]);
    for (const text of [secret, password, key, made.key, made.record.digest, sha256Of(key)]) {
      expect(log).not.toContain(text);
    }
    for (const text of onDisk) {
      for (const clear of [key, made.key]) expect(text).not.toContain(clear);
    }
    expect(onDisk.length).toBeGreaterThan(0);
  });

  test("the audit log says who, when, what before and after, newest first", () => {
    let at = 100;
    using opened = testBook(() => at);
    const { book } = opened;
    const { record } = book.create({ alias: "a" }, null, "master key");
    at = 200;
    book.change(record.id, { limits: { ...record.limits, rpm: 5 } }, "f".repeat(32));
    at = 300;
    book.audit.record({
      actor: "x",
      action: "config.reload",
      subject: "f",
      before: null,
      after: "{}",
    });

    const { items, total } = book.audit.list({}, { page: 1, size: 2 });
    const [reload, change] = items;

    expect(total).toBe(3);
    expect(reload).toMatchObject({ at: 300, actor: "x", action: "config.reload", after: "{}" });
    expect(change).toMatchObject({ at: 200, actor: "f".repeat(32), subject: record.id });
    expect(JSON.parse(change?.before ?? "")).toMatchObject({ rpm_limit: null, key_alias: "a" });
    expect(JSON.parse(change?.after ?? "")).toMatchObject({ rpm_limit: 5, token_id: record.id });
    const total1 = (filter: object) => book.audit.list(filter, { page: 1, size: 9 }).total;
    expect(total1({ since: 200, until: 300 })).toBe(1);
    expect(total1({ action: "key.create" })).toBe(1);
    expect(total1({ subject: record.id })).toBe(2);
    expect(total1({ actor: "master key" })).toBe(1);
  });
});
