import { expect, test } from "bun:test";
import { GatewayError } from "../../src/core/errors.ts";
import { codeOf } from "../keys/book.ts";
import { secrets, secretSettings, testBooks } from "./book.ts";

const plain = { path: "/a", target: "https://a.example.com" };

test("an endpoint comes back as it was made, in force, and after a restart", () => {
  using place = testBooks();
  const { book, served } = place.open();

  const made = book.create("bria", secretSettings, "me");

  expect(made).toEqual({
    id: "bria",
    version: 1,
    settings: secretSettings,
    createdAt: 1_000,
    createdBy: "me",
    updatedAt: 1_000,
    updatedBy: "me",
  });
  expect(served()).toEqual([made]);
  const again = place.open().book;
  expect(again.all()).toEqual([made]);
  expect(JSON.stringify(again.find("bria")?.settings)).toBe(JSON.stringify(secretSettings));
});

test("no secret stands in the database's files, nor in the audit log", () => {
  using place = testBooks();
  const { book, entries } = place.open();

  const { id } = book.create(null, secretSettings, "me");
  book.change(id, { headers: { Authorization: "Bearer another-secret-0000" } }, null, "me");
  book.remove(id, null, "me");

  const kept = place.bytes() + JSON.stringify(entries());
  expect(kept).toContain("api.example.com");
  for (const secret of [...secrets, "another-secret-0000"]) expect(kept).not.toContain(secret);
});

test("each change is in the audit log, masked, with who made it", () => {
  using place = testBooks();
  const { book, entries } = place.open();

  book.create("x", secretSettings, "me");
  const { default_query_params } = secretSettings;
  const target = "https://b.example.com";
  book.change("x", { headers: null, target, default_query_params }, 1, "you");
  book.remove("x", 2, "they");

  const [removed, changed, created] = entries();
  expect([created?.action, created?.actor, created?.subject]).toEqual([
    "endpoint.create",
    "me",
    "x",
  ]);
  expect(created?.before).toBeNull();
  expect(JSON.parse(created?.after ?? "")).toEqual({
    version: 1,
    path: "/bria",
    target: "https://api.example.com/v1?model=m&key=********9999",
    headers: {
      "User-Agent": "harmless",
      Authorization: "********1234",
      accept: "text/plain",
      "x.dotted.name": "********5678",
      "x-number": "********9012",
    },
    default_query_params: { page: "1", token: "********abcd" },
  });
  expect([changed?.action, changed?.actor]).toEqual(["endpoint.change", "you"]);
  expect(changed?.before).toBe(created?.after ?? null);
  expect(JSON.parse(changed?.after ?? "")).toEqual({
    version: 2,
    path: "/bria",
    target: "https://b.example.com",
    default_query_params: { page: "1", token: "********abcd" },
  });
  expect([removed?.action, removed?.before, removed?.after]).toEqual([
    "endpoint.remove",
    changed?.after ?? null,
    null,
  ]);
});

test("a removed endpoint is gone from what is served, and its id is free", () => {
  using place = testBooks();
  const { book, served } = place.open();
  book.create("x", plain, "me");

  expect(book.remove("x", null, "me").id).toBe("x");

  expect([served(), book.all(), book.find("x")]).toEqual([[], [], null]);
  expect(book.create("x", plain, "me").id).toBe("x");
});

test("a version is never that of another endpoint that had the id before", () => {
  using place = testBooks();
  const { book } = place.open();
  const versions = [1, 2, 3].flatMap(() => {
    const made = book.create("x", secretSettings, "me").version;
    const changed = book.change("x", { timeout: 1 }, made, "me").version;
    book.remove("x", changed, "me");
    return [made, changed];
  });

  expect(versions).toEqual([1, 2, 3, 4, 5, 6]);
  expect(place.open().book.create("x", plain, "me").version).toBe(7);
  expect(codeOf(() => book.change("x", {}, 1, "me"))).toContain("version_conflict");
  expect(book.create("y", { ...plain, path: "/b" }, "me").version).toBe(1);
});

test.each([
  "",
  " x",
  "x ",
  "a/b",
  "a?b",
  "a#b",
  "a\nb",
  "\u0000",
  "\u200b",
  "..",
  ".",
  "x".repeat(201),
])("%j is no id", (id) => {
  using place = testBooks();
  const { book } = place.open();

  expect(codeOf(() => book.create(id, plain, "me"))).toContain("An id has 1 to 200");
  expect(book.all()).toEqual([]);
});

test.each(["x", "a b", "ü", "__proto__", "x".repeat(200)])("%j is an id, once", (id) => {
  using place = testBooks();
  const { book } = place.open();

  expect(book.create(id, secretSettings, "me").id).toBe(id);

  expect(place.open().book.find(id)?.settings).toEqual(secretSettings);
  expect(codeOf(() => book.create(id, plain, "me"))).toContain("Another endpoint has this id");
});

test("what cannot be served is not kept, and not in the audit log", () => {
  using place = testBooks();
  const { book, served, entries } = place.open();
  const first = book.create("x", plain, "me");
  const second = book.create("y", { ...plain, path: "/b" }, "me");

  expect(codeOf(() => book.create(null, plain, "me"))).toContain("Two have one path");
  expect(codeOf(() => book.change("y", plain, null, "me"))).toContain("Two have one path");

  expect([book.all(), served()]).toEqual([
    [first, second],
    [first, second],
  ]);
  expect(place.open().book.all()).toEqual([first, second]);
  expect(entries()).toHaveLength(2);
});

test("what cannot be written is not in force", () => {
  using place = testBooks();
  const full = new Error("full");
  const { book, served } = place.open({
    seen: (store) => ({
      ...store,
      addAudit: () => {
        throw full;
      },
    }),
  });

  expect(() => book.create("x", plain, "me")).toThrow(full);

  expect([book.all(), served(), place.open().book.all()]).toEqual([[], [], []]);
});

test("trying out throws what the change would throw, and changes nothing", () => {
  using place = testBooks();
  const { book, served, entries } = place.open();
  const made = book.create("x", plain, "me");

  book.tryOut({ kind: "create", id: null, settings: { ...plain, path: "/b" } });
  book.tryOut({ kind: "create", id: "new", settings: { ...plain, path: "/b" } });
  book.tryOut({ kind: "change", id: "x", changes: { path: "/c" }, version: 1 });

  expect(codeOf(() => book.tryOut({ kind: "create", id: null, settings: plain }))).toContain(
    "Two have one path",
  );
  expect(codeOf(() => book.tryOut({ kind: "create", id: "a/b", settings: plain }))).toContain(
    "An id has",
  );
  expect(codeOf(() => book.tryOut({ kind: "change", id: "x", changes: {}, version: 2 }))).toContain(
    "version_conflict",
  );
  expect([book.all(), served(), entries().length]).toEqual([[made], [made], 1]);
});

test("what is tried out is what was said: no change of what is gone, nothing made in a place that is taken", () => {
  using place = testBooks();
  const { book } = place.open();
  book.create("x", plain, "me");
  const { version } = book.create("y", { ...plain, path: "/b" }, "me");
  book.remove("y", version, "me");
  const settings = { ...plain, path: "/c" };

  expect(codeOf(() => book.tryOut({ kind: "create", id: "x", settings }))).toContain(
    "Another endpoint has this id",
  );
  expect(
    codeOf(() => book.tryOut({ kind: "change", id: "y", changes: settings, version: null })),
  ).toContain("not_found");
});

test("an unknown id is not found; another version is a conflict that tells which", () => {
  using place = testBooks();
  const { book } = place.open();
  book.create("x", plain, "me");

  expect(codeOf(() => book.change("y", {}, null, "me"))).toContain("not_found");
  expect(codeOf(() => book.remove("y", null, "me"))).toContain("not_found");
  expect(codeOf(() => book.change("x", {}, 2, "me"))).toContain("Its version is 1 now");
  expect(codeOf(() => book.remove("x", 0, "me"))).toContain("version_conflict");
});

test("nobody's object is kept: what is changed afterwards changes nothing", () => {
  using place = testBooks();
  const { book } = place.open();
  const settings = { ...plain, methods: ["GET"] };
  book.create("x", settings, "me");

  settings.methods.push("POST");

  expect(book.find("x")?.settings).toEqual({ ...plain, methods: ["GET"] });
});

test("200 interleaved changes by two processes lose nothing: each is kept or told of", () => {
  using place = testBooks();
  const [here, there] = [place.open(), place.open()];
  here.book.create("x", { ...plain, done: [] }, "me");
  const done: number[] = [];
  let conflicts = 0;

  for (let at = 0; at < 100; at += 1) {
    for (const one of [here, there]) one.book.refresh();
    const writers = at % 2 === 0 ? [here, there] : [there, here];
    const read = writers.map(({ book }) => book.find("x"));
    for (const [index, { book }] of writers.entries()) {
      const version = read[index]?.version ?? 0;
      const list = [...listOf(read[index]?.settings["done"]), at * 2 + index];
      try {
        book.change("x", { done: list }, version, "me");
        done.push(at * 2 + index);
      } catch (error) {
        expect(error).toBeInstanceOf(GatewayError);
        expect(codeOf(() => book.change("x", { done: list }, version, "me"))).toContain(
          "version_conflict",
        );
        conflicts += 1;
      }
    }
  }

  expect([done.length, conflicts]).toEqual([100, 100]);
  const last = place.open().book.find("x");
  expect([last?.version, last?.settings["done"]]).toEqual([101, done]);
});

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
