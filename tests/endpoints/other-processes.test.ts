import { expect, test } from "bun:test";
import { Database } from "bun:sqlite";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { StoreError } from "../../src/core/store-error.ts";
import { codeOf } from "../keys/book.ts";
import { secretSettings, testBooks } from "./book.ts";

const plain = { path: "/a", target: "https://a.example.com" };

test("what another process changed is in force after a refresh, and not before", () => {
  using place = testBooks();
  const [here, there] = [place.open(), place.open()];
  here.book.create("x", plain, "me");

  expect(there.book.find("x")).toBeNull();
  there.book.refresh();

  expect([there.book.all(), there.served()]).toEqual([here.book.all(), here.book.all()]);
  expect(there.faults).toEqual([]);
});

test("a change sees what another process did, without a refresh", () => {
  using place = testBooks();
  const [here, there] = [place.open(), place.open()];
  here.book.create("x", plain, "me");

  expect(codeOf(() => there.book.create("y", plain, "me"))).toContain("Two have one path");
  there.book.create("y", { ...plain, path: "/b" }, "me");
  here.book.refresh();

  expect(here.served().map(({ id }) => id)).toEqual(["x", "y"]);
  there.book.refresh();
  expect(there.served().map(({ id }) => id)).toEqual(["x", "y"]);
});

test("what is written between plan and write is planned for anew", () => {
  using place = testBooks();
  const other = place.open();
  let isFirst = true;
  const { book } = place.open({
    prepare: (next) => {
      if (isFirst) other.book.create("x", plain, "they");
      isFirst = false;
      expect(next.map(({ id }) => id)).toContain("y");
      return () => {};
    },
  });

  book.create("y", { ...plain, path: "/b" }, "me");

  expect(book.all().map(({ id }) => id)).toEqual(["x", "y"]);
});

test("nothing but endpoints puts anything in force again", () => {
  using place = testBooks();
  let times = 0;
  const here = place.open({
    prepare: () => {
      times += 1;
      return () => {};
    },
  });
  const there = place.open();

  there.store.addImported("x");
  here.book.refresh();
  there.rotate();
  here.book.refresh();

  expect(times).toBe(0);
});

test("another process's endpoint that cannot be served here is told of once, and can be removed", () => {
  using place = testBooks();
  const here = place.open({
    prepare: (next) => {
      if (next.some(({ settings }) => settings["path"] === "/taken")) throw new Error("taken");
      return () => {};
    },
  });
  const there = place.open();
  there.book.create("x", { ...plain, path: "/taken" }, "they");

  for (let at = 0; at < 3; at += 1) here.book.refresh();

  expect(here.faults).toEqual([new Error("taken")]);
  here.book.remove("x", 1, "me");
  expect(here.book.all()).toEqual([]);
});

test("a record whose key is missing refuses the opening, and says which and what to do", () => {
  using place = testBooks();
  const env = { TOLLGATE_SALT_KEY: "first line\nsecond line" };
  const { book, sealing } = place.open({ env });
  book.create("x", secretSettings, "me");

  const message = codeOf(() => place.open({ env: { TOLLGATE_SALT_KEY: "first line" } }));

  expect(message).toContain(`under the line ${sealing.sealer().kid} of the salt key`);
  expect(message).toContain("the variable TOLLGATE_SALT_KEY does not hold");
  expect(message).toContain("Restore that line");
  expect(message).not.toMatch(/first line|second line/);
});

test("a record that is moved, changed or cut refuses the opening", () => {
  for (const sql of [
    "UPDATE endpoints SET sealed = (SELECT sealed FROM endpoints WHERE id = 'x') WHERE id = 'y'",
    "UPDATE endpoints SET sealed = replace(sealed, 'headers.Authorization', 'headers.accept') WHERE id = 'x'",
    "UPDATE endpoints SET sealed = replace(sealed, 'headers.Authorization', 'target') WHERE id = 'x'",
    "UPDATE endpoints SET settings = '{}' WHERE id = 'x'",
    "UPDATE endpoints SET settings = 'x' WHERE id = 'x'",
    "UPDATE endpoints SET id = 'z' WHERE id = 'x'",
  ]) {
    using place = testBooks();
    const { book } = place.open();
    book.create("x", secretSettings, "me");
    book.create("y", { ...secretSettings, path: "/b" }, "me");
    using database = new Database(join(place.directory, "tollgate.db"));

    database.run(sql);

    expect(() => place.open()).toThrow(StoreError);
  }
});

test("a running process goes on with what it has where it cannot read what another one wrote", () => {
  using place = testBooks();
  const [here, there] = [place.open(), place.open()];
  const made = here.book.create("x", secretSettings, "me");
  there.book.refresh();
  using database = new Database(join(place.directory, "tollgate.db"));

  database.run(
    "UPDATE endpoints SET sealed = replace(sealed, 'headers.accept', 'x'), settings = '{}'",
  );
  for (let at = 0; at < 3; at += 1) there.book.refresh();

  expect(there.served()).toEqual([made]);
  expect(there.faults).toHaveLength(1);
  expect(() => there.book.create("y", plain, "me")).toThrow(StoreError);
});

test("a key below the old one that somebody wrote by hand is used by whoever meets it", () => {
  using place = testBooks();
  const here = place.open();
  writeFileSync(place.saltKey, `${place.lines().join("\n")}\nby hand\n`);
  const there = place.open();
  there.book.create("x", secretSettings, "me");

  here.book.refresh();

  expect(here.faults).toEqual([]);
  expect(here.book.find("x")?.settings).toEqual(secretSettings);
  expect(here.sealing.sealer().kid).toBe(there.sealing.sealer().kid);
});

test("processes that count together at one endpoint, while others rotate the key, lose no count", async () => {
  using place = testBooks();
  const { book } = place.open();
  book.create("x", { ...secretSettings, counts: [] }, "me");
  const script = (name: string) => `
    import { openBook } from ${JSON.stringify(join(import.meta.dir, "book.ts"))};
    const opened = openBook(${JSON.stringify(place.directory)});
    let conflicts = 0;
    for (let at = 0; at < 30; ) {
      opened.book.refresh();
      const { version, settings } = opened.book.find("x");
      await Bun.sleep(0);
      try {
        const secret = "Bearer secret-of-${name}-" + at;
        const changes = { counts: [...settings.counts, "${name} " + at], headers: { authorization: secret } };
        opened.book.change("x", changes, version, "${name}");
        at += 1;
        if (at % 10 === 0) opened.rotate();
      } catch (error) {
        if (error.code !== "version_conflict") throw error;
        conflicts += 1;
      }
    }
    if (opened.faults.length > 0) throw opened.faults[0];`;

  const processes = ["a", "b", "c"].map((name) =>
    Bun.spawn([process.execPath, "-e", script(name)], { stderr: "inherit" }),
  );
  const codes = await Promise.all(processes.map(({ exited }) => exited));

  expect(codes).toEqual([0, 0, 0]);
  const last = place.open().book.find("x");
  const counts = last?.settings["counts"];
  expect(last?.version).toBe(91);
  expect(new Set(Array.isArray(counts) ? counts : []).size).toBe(90);
  expect(place.lines().length).toBeLessThanOrEqual(2);
});
