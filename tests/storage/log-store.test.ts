import { expect, test } from "bun:test";
import { Database } from "bun:sqlite";
import { statSync } from "node:fs";
import { type LogDatabase, openLogDatabase } from "../../src/storage/sqlite/log-store.ts";
import { temporaryFolder } from "../process/program.ts";

const day = Date.UTC(2026, 10, 20);

/** Packs here are texts, one call a line. */
function linesOf(pack: Buffer): string[] {
  return pack.toString().split("\n");
}

function start() {
  const folder = temporaryFolder();
  const file = folder.file("logs.db");
  const log = openLogDatabase(file, linesOf);
  let isOpen = true;
  const close = () => {
    if (isOpen) log.close();
    isOpen = false;
  };
  return {
    file,
    log,
    close,
    [Symbol.dispose]: () => {
      close();
      folder[Symbol.dispose]();
    },
  };
}

/** Stores texts of calls that began at these times; returns their ids. */
function store(
  log: LogDatabase,
  texts: readonly string[],
  at: (index: number) => number = () => day,
) {
  const ids = texts.map((_, index) => Bun.randomUUIDv7("hex", at(index)));
  log.write({ bytes: Buffer.from(texts.join("\n")), ids }, at(texts.length - 1));
  return ids;
}

function indexAll(log: LogDatabase): void {
  while (log.indexSome() !== null);
}

function find(
  log: LogDatabase,
  text: string,
  more: { since?: number; until?: number; limit?: number } = {},
) {
  return log.search({ text, limit: 50, ...more });
}

test("a call's pack is found by its id, others are not", () => {
  using given = start();
  const [first = "", second = ""] = store(given.log, ["one", "two"]);
  store(given.log, ["three"]);

  expect(given.log.packHolding(first)?.toString()).toBe("one\ntwo");
  expect(given.log.packHolding(second)?.toString()).toBe("one\ntwo");
  expect(given.log.packHolding(Bun.randomUUIDv7())).toBeNull();
  expect(given.log.packHolding("no id")).toBeNull();
});

test("ids that tell the same time are told apart, up to a bound", () => {
  using given = start();
  const ids = Array.from({ length: 80 }, (_, n) => {
    return `019aa000-0000-7123-8000-${String(n).padStart(12, "0")}`;
  });
  for (const id of ids) given.log.write({ bytes: Buffer.from(id), ids: [id] }, day);
  indexAll(given.log);

  const found = ids.map((id) => given.log.packHolding(id)?.toString() ?? null);

  expect(found.slice(0, 65)).toEqual(ids.slice(0, 65));
  expect(found.slice(65)).toEqual(Array.from({ length: 15 }, () => null));
  expect(find(given.log, "8000", { limit: 100 })).toHaveLength(65);
});

test("all words are asked for, in any order and case, the latest call first", () => {
  using given = start();
  const ids = store(
    given.log,
    ["the Quick brown fox", "brown and quick", "quick", "crème brûlée, gpt-4o-mini"],
    (index) => day + (index === 0 ? 5_000 : index),
  );
  indexAll(given.log);
  const found = (text: string) => find(given.log, text).map((id) => ids.indexOf(id));

  expect(found("quick BROWN")).toEqual([0, 1]);
  expect(found("quick")).toEqual([0, 2, 1]);
  expect(found('"quick brown"')).toEqual([0]);
  expect(found("bro*")).toEqual([0, 1]);
  expect(found("bro")).toEqual([]);
  expect(found("br*")).toEqual([]);
  expect(found("creme")).toEqual([3]);
  expect(found("gpt-4o")).toEqual([3]);
  expect(found("4o-gpt")).toEqual([]);
});

test("a text without spaces between its words is found by part of it", () => {
  using given = start();
  const [id = ""] = store(given.log, ["今天天气很好", "明天"]);
  indexAll(given.log);

  expect(find(given.log, "天气")).toEqual([id]);
  expect(find(given.log, "气天")).toEqual([]);
});

test("a time and a limit narrow the search", () => {
  using given = start();
  const ids = store(given.log, Array(10).fill("word"), (index) => day + index * 1_000);
  indexAll(given.log);
  const found = (more: object) => find(given.log, "word", more).map((id) => ids.indexOf(id));

  expect(found({ since: day + 3_000, until: day + 6_000 })).toEqual([5, 4, 3]);
  expect(found({ limit: 2 })).toEqual([9, 8]);
  expect(found({ limit: 0 })).toEqual([]);
  expect(found({ until: day + 2_000, limit: 1 })).toEqual([1]);
});

test.each([
  '"',
  '""',
  '"""',
  "*",
  "**",
  "a AND",
  "OR",
  "NOT a",
  "NEAR(a b)",
  "text:a",
  "{text} : a",
  "^a",
  "a + b",
  "-a",
  "(",
  ")",
  "a'; DROP TABLE packs; --",
  "\0",
  "a\0b",
  "said : a",
  "rowid",
  "a*b*",
  '"a" "b',
  "\\",
  "💥",
  "é́",
  "AND OR NOT",
  "a".repeat(100_000),
  "a ".repeat(10_000),
  "\ud800",
  '""*',
  "+",
  "a* *",
])("%p is a question like any other", (text) => {
  using given = start();
  store(given.log, ["a b", "and or not near text said rowid"]);
  indexAll(given.log);

  expect(Array.isArray(find(given.log, text))).toBe(true);
  expect(given.log.packHolding(store(given.log, ["x"])[0] ?? "")?.toString()).toBe("x");
});

test("words of FTS5's syntax are words", () => {
  using given = start();
  const [, id = ""] = store(given.log, ["a b", "and or not near"]);
  indexAll(given.log);

  expect(find(given.log, "NOT near AND or")).toEqual([id]);
  expect(find(given.log, "text:a")).toEqual([]);
});

test("what is old is removed, from the index too", () => {
  using given = start();
  const old = store(given.log, ["common old"], () => day);
  const young = store(given.log, ["common young"], () => day + 10_000);
  indexAll(given.log);
  const late = store(given.log, ["common unindexed"], () => day + 1_000);

  while (given.log.retainSome({ maxAgeMs: 5_000, maxBytes: null }, day + 12_000));
  indexAll(given.log);

  expect(find(given.log, "common")).toEqual(young);
  for (const id of [...old, ...late]) expect(given.log.packHolding(id)).toBeNull();
  expect(given.log.packHolding(young[0] ?? "")).not.toBeNull();
});

test("a number that was free again is given to new packs only", () => {
  using given = start();
  store(given.log, ["first"]);
  indexAll(given.log);
  while (given.log.retainSome({ maxAgeMs: 0, maxBytes: null }, day + 1));

  const ids = store(given.log, ["second"]);
  indexAll(given.log);

  expect(find(given.log, "second")).toEqual(ids);
});

test("a log that is too large loses its oldest calls, and its file shrinks", () => {
  using given = start();
  const ids: string[] = [];
  for (let n = 0; n < 400; n++) {
    const texts = Array.from({ length: 20 }, () => `word${n} ${randomText(60)}`);
    ids.push(...store(given.log, texts, () => day + n * 1_000));
  }
  indexAll(given.log);
  const maxBytes = 2_000_000;

  const before = usedBytes(given.file);
  let longest = 0;
  for (let more = true; more;) {
    const at = performance.now();
    more = given.log.retainSome({ maxAgeMs: null, maxBytes }, day);
    longest = Math.max(longest, performance.now() - at);
  }

  const left = ids.filter((id) => given.log.packHolding(id) !== null);
  expect(before).toBeGreaterThan(2 * maxBytes);
  expect(usedBytes(given.file)).toBeLessThanOrEqual(maxBytes);
  expect(left).toEqual(ids.slice(-left.length));
  expect(left.length).toBeGreaterThan((ids.length * maxBytes) / before / 2);
  expect(find(given.log, "word0")).toEqual([]);
  expect(find(given.log, "word399")).toHaveLength(20);
  given.close();
  expect(statSync(given.file).size).toBeLessThan(maxBytes + 1_500_000);
  expect(longest).toBeLessThan(1_000);
});

function usedBytes(file: string): number {
  using database = new Database(file, { readonly: true });
  const used = database.query<{ bytes: number }, []>(
    `SELECT (page_count - freelist_count) * page_size AS bytes
     FROM pragma_page_count, pragma_freelist_count, pragma_page_size`,
  );
  return used.get()?.bytes ?? 0;
}

function randomText(words: number): string {
  return Array.from({ length: words }, () => Math.floor(Math.random() * 1e6).toString(36)).join(
    " ",
  );
}
