import { describe, expect, test } from "bun:test";
import { Database } from "bun:sqlite";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ImportedKey } from "../../src/core/key-book.ts";
import { newKey, sha256Of } from "../../src/core/key.ts";
import { inForce, testBook } from "./book.ts";

function imported(key: string, changes: ImportedKey["changes"] = {}): ImportedKey {
  return { sha256: sha256Of(key), name: `sk-...${key.slice(-4)}`, createdAt: 5, changes };
}

describe("look-ups", () => {
  test("an unknown key costs none, whatever it looks like", () => {
    using opened = testBook();
    const { book } = opened;
    book.create({}, null, "me");
    book.importAll([imported(newKey())], "me");
    const before = opened.lookups();

    for (let count = 0; count < 1_000; count += 1) expect(book.find(newKey())).toBeNull();
    for (const odd of [
      "",
      "sk-",
      "x",
      "sk-\0",
      "sk-€",
      `sk-${"x".repeat(60_000)}`,
      "Bearer sk-1",
    ]) {
      expect(book.find(odd)).toBeNull();
    }

    expect(opened.lookups()).toBe(before);
  });

  test("a known key costs one, a revoked one too, a changed one one more", () => {
    using opened = testBook();
    const { book } = opened;
    const { key, record } = book.create({}, null, "me");
    const before = opened.lookups();

    for (let count = 0; count < 10; count += 1) book.find(key);
    expect(opened.lookups() - before).toBe(1);
    book.change(record.id, {}, "me");
    for (let count = 0; count < 10; count += 1) book.find(key);
    expect(opened.lookups() - before).toBe(2);
    book.revoke([record.id], "me");
    for (let count = 0; count < 10; count += 1) book.find(key);
    expect(opened.lookups() - before).toBe(3);
  });

  test("what another process changes is seen after a refresh", () => {
    using opened = testBook();
    const [here, there] = [opened.book, opened.again()];
    const first = here.create({}, null, "me");
    there.refresh();
    expect(inForce(there, first.key).blocked).toBe(false);

    here.revoke([first.record.id], "me");
    const second = here.create({}, null, "me");
    here.createTeam("t", {}, "me");
    there.refresh();

    expect(there.find(first.key)).toBe("revoked");
    expect(inForce(there, second.key).id).toBe(second.record.id);
    expect(there.team("t")?.id).toBe("t");
  });

  test("a refresh with nothing new forgets nothing", () => {
    using opened = testBook();
    const { key } = opened.book.create({}, null, "me");
    opened.book.find(key);
    const before = opened.lookups();

    opened.book.refresh();
    opened.book.find(key);

    expect(opened.lookups()).toBe(before);
  });
});

describe("imported keys", () => {
  test("are known by their plain digest once, and by the keyed one from then on", () => {
    using opened = testBook();
    const { book } = opened;
    const key = "sk-1234";
    const { added } = book.importAll([imported(key, { alias: "old", blocked: true })], "me");
    const [record] = added;

    const found = inForce(book, key);

    expect(found).toMatchObject({ id: record?.id, alias: "old", blocked: true, createdAt: 5 });
    expect(found.digest).not.toBe(sha256Of(key));
    const stored = new Database(opened.file, { readonly: true });
    expect(stored.prepare("SELECT digest FROM keys").values()).toEqual([[found.digest]]);
    stored.close();
    const before = opened.lookups();
    expect(inForce(book, key).digest).toBe(found.digest);
    expect(opened.lookups()).toBe(before);
    expect(inForce(opened.again(), key).digest).toBe(found.digest);
  });

  test("leave no plain digest in the database's file after their first use", () => {
    using opened = testBook();
    const key = newKey();
    opened.book.importAll([imported(key)], "me");
    opened.book.find(key);
    opened.book.close();

    const left = readdirSync(opened.directory).filter((name) =>
      readFileSync(join(opened.directory, name), "latin1").includes(sha256Of(key)),
    );

    expect(left.filter((name) => !name.endsWith("-wal"))).toEqual([]);
  });

  test("that are revoked before their first use are revoked", () => {
    using opened = testBook();
    const { book } = opened;
    const key = newKey();
    const [record] = book.importAll([imported(key)], "me").added;

    book.revoke([record?.id ?? ""], "me");

    expect(book.find(key)).toBe("revoked");
    expect(opened.again().find(key)).toBe("revoked");
  });

  test("can be revoked and changed after their first use, and the next call sees it", () => {
    using opened = testBook();
    const { book } = opened;
    const [changed, revoked] = [newKey(), newKey()];
    book.importAll([imported(changed), imported(revoked)], "me");
    const [first, second] = [inForce(book, changed), inForce(book, revoked)];

    book.change(first.id, { blocked: true }, "me");
    book.revoke([second.id], "me");

    expect(inForce(book, changed).blocked).toBe(true);
    expect(book.find(revoked)).toBe("revoked");
  });

  test("come once, though they were used or revoked since; missing teams are made", () => {
    using opened = testBook();
    const { book } = opened;
    const [used, revoked, unused] = [newKey(), newKey(), newKey()];
    const table = [imported(used, { teamId: "t" }), imported(revoked), imported(unused)];
    const outcome = book.importAll(table, "me");
    inForce(book, used);
    inForce(book, revoked);
    book.revoke([inForce(book, revoked).id], "me");

    const again = book.importAll([...table, imported(newKey(), { teamId: "u" })], "me");

    expect([outcome.added.length, outcome.addedTeams]).toEqual([3, ["t"]]);
    expect([again.added.length, again.addedTeams]).toEqual([1, ["u"]]);
    expect(book.find(revoked)).toBe("revoked");
    expect(book.list({}, { by: "createdAt", descending: false }, { page: 1, size: 9 }).total).toBe(
      3,
    );
    expect(book.audit.list({ action: "key.import" }, { page: 1, size: 9 }).total).toBe(4);
    expect(book.audit.list({ action: "team.create" }, { page: 1, size: 9 }).total).toBe(2);
  });

  test("come all or not at all", () => {
    using opened = testBook();
    const { book } = opened;
    const keys = [newKey(), newKey()];
    const table = keys.map((key) => imported(key, { alias: "same", teamId: "t" }));

    expect(() => book.importAll(table, "me")).toThrow("alias");

    expect(keys.map((key) => book.find(key))).toEqual([null, null]);
    expect(book.teams({ page: 1, size: 1 }).total).toBe(0);
    expect(book.audit.list({}, { page: 1, size: 1 }).total).toBe(0);
  });

  test("nobody can choose an imported key as his own", () => {
    using opened = testBook();
    const key = newKey();
    opened.book.importAll([imported(key)], "me");

    expect(() => opened.book.create({}, key, "me")).toThrow("taken");
  });

  test("another process that upgraded first changes nothing", () => {
    using opened = testBook();
    const key = newKey();
    opened.book.importAll([imported(key)], "me");
    const there = opened.again();

    const here = inForce(opened.book, key);

    expect(inForce(there, key)).toEqual(here);
  });

  test("are valid where the upgrade cannot be written, and a change is still seen", () => {
    using opened = testBook();
    const key = newKey();
    opened.book.importAll([imported(key)], "me");
    const faults: unknown[] = [];
    const book = opened.again({ onFault: (error) => faults.push(error) });
    const blocker = new Database(opened.file);
    blocker.run(
      "CREATE TRIGGER fail BEFORE UPDATE OF digest ON keys WHEN NEW.digest <> OLD.digest BEGIN SELECT RAISE(ABORT, 'full'); END",
    );

    const found = inForce(book, key);
    inForce(book, key);
    book.change(found.id, { blocked: true }, "me");

    expect(inForce(book, key).blocked).toBe(true);
    expect(faults).toHaveLength(1);
    book.revoke([found.id], "me");
    expect(book.find(key)).toBe("revoked");
    blocker.close();
  });
});
