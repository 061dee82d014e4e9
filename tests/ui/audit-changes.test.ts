import { expect, test } from "bun:test";
import { hasMasked, memberChanges } from "../../src/ui/pages/audit/diff.ts";
import {
  hasFilters,
  pageQueryOf,
  readAuditQuery,
  writeAuditQuery,
} from "../../src/ui/pages/audit/query.ts";
import {
  actionText,
  actionWords,
  subjectKind,
  subjectName,
} from "../../src/ui/pages/audit/words.ts";

test("only what differs is told, one level into objects", () => {
  const before = {
    path: "/a",
    target: "https://a.example",
    headers: { "X-Key": "********", Old: "1" },
    methods: ["GET"],
    version: 1,
    updated_at: "2026-11-20",
    metadata: { deep: { a: 1, b: 2 } },
  };
  const after = {
    path: "/a",
    target: "https://b.example",
    headers: { "X-Key": "********", New: "2" },
    methods: ["GET", "POST"],
    version: 2,
    updated_at: "2026-11-21",
    metadata: { deep: { b: 2, a: 1 } },
    blocked: false,
  };

  expect(memberChanges(before, after)).toEqual([
    { name: "target", before: "https://a.example", after: "https://b.example" },
    { name: "headers.New", before: null, after: "2" },
    { name: "headers.Old", before: "1", after: null },
    { name: "methods", before: "GET", after: "GET, POST" },
    { name: "blocked", before: null, after: "false" },
  ]);
});

test("of a creation what says nothing is left out; of a deletion too", () => {
  const key = {
    key_alias: "ops",
    max_budget: 0,
    rpm_limit: null,
    models: [],
    metadata: {},
    tags: [""],
  };

  const made = memberChanges(null, key).map(({ name, after }) => [name, after]);
  const gone = memberChanges(key, null).map(({ name, before }) => [name, before]);

  expect(made).toEqual([
    ["key_alias", "ops"],
    ["max_budget", "0"],
    ["tags", ""],
  ]);
  expect(gone).toEqual(made);
});

test("values that are no objects, or become one, are compared as a whole", () => {
  expect(memberChanges(null, null)).toEqual([]);
  expect(memberChanges("a", "b")).toEqual([{ name: "value", before: "a", after: "b" }]);
  expect(memberChanges({ a: 1 }, { a: { b: 2 } })).toEqual([
    { name: "a", before: "1", after: '{"b":2}' },
  ]);
  expect(memberChanges({ a: null }, { a: { b: 2 } })).toEqual([
    { name: "a.b", before: null, after: "2" },
  ]);
  expect(memberChanges({ a: 1, b: "x" }, { b: "x", a: 1 })).toEqual([]);
  expect(memberChanges({}, JSON.parse('{"__proto__": {"x": 1}, "constructor": 2}'))).toEqual([
    { name: "__proto__.x", before: null, after: "1" },
    { name: "constructor", before: null, after: "2" },
  ]);
});

test("masked secrets are seen wherever they stand", () => {
  expect(hasMasked({ headers: { "X-Key": "********" } })).toBe(true);
  expect(hasMasked({ metadata: ["***"] })).toBe(true);
  expect(hasMasked({ headers: { a: "**" } })).toBe(false);
  expect(hasMasked(null)).toBe(false);
});

test("every action that the gateway writes down has words", async () => {
  const found = new Set<string>();
  const kinds = "endpoint|key|team|config|salt_key|session";
  const source = new URL("../../src/", import.meta.url).pathname;
  for await (const file of new Bun.Glob("{http,keys,endpoints}/**/*.ts").scan(source)) {
    const text = await Bun.file(source + file).text();
    const names = text.matchAll(new RegExp(`"((?:${kinds})\\.[a-z]+)"`, "g"));
    for (const [, name = ""] of names) found.add(name);
  }

  expect([...found].sort()).toEqual(actionWords.map(([action]) => action).sort());
  expect(actionText("key.create", {})).toBe("Key created");
  expect(actionText("config.reload", { reloaded: false })).toBe("Configuration reload refused");
  expect(actionText("moon.land", null)).toBe("moon.land");
});

test("a subject is called as it is after the change, else as it was before", () => {
  expect(subjectName({ key_alias: "old" }, { key_alias: "new" })).toBe("new");
  expect(subjectName({ path: "/a" }, null)).toBe("/a");
  expect(subjectName(null, { team_alias: null })).toBeNull();
  expect(subjectName("text", 3)).toBeNull();
  expect([subjectKind("salt_key.rotate"), subjectKind("moon.land"), subjectKind("")]).toEqual([
    "salt_key",
    "other",
    "other",
  ]);
});

test("an address is read and written without a loss, and nonsense in it is left out", () => {
  const address = "action=key.create&actor=master+key&from=2026-11-20&to=2026-11-21&page=3";

  const query = readAuditQuery(new URLSearchParams(address));

  expect(writeAuditQuery(query).toString()).toBe(address);
  expect(hasFilters(query)).toBe(true);
  const odd = readAuditQuery(new URLSearchParams("from=2026-02-31&to=x&page=-1&subject=+"));
  expect(writeAuditQuery(odd).toString()).toBe("");
  expect(hasFilters(odd)).toBe(false);
});

test("the last day is asked for as a whole, in the browser's own time", () => {
  const query = readAuditQuery(new URLSearchParams("from=2026-11-20&to=2026-11-30"));

  const { start_date: start, end_date: end } = pageQueryOf(query);

  expect(start).toBe(new Date(2026, 10, 20).toISOString());
  expect(end).toBe(new Date(2026, 11, 1).toISOString());
});
