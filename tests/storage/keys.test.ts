import { expect, test } from "bun:test";
import { join } from "node:path";
import { Database } from "bun:sqlite";
import type { KeyStore } from "../../src/core/key-store.ts";
import { openKeyStore } from "../../src/storage/sqlite/key-store.ts";
import { temporaryDirectory } from "../keys/book.ts";
import { keyStoreContract } from "./key-store-contract.ts";

keyStoreContract("SQLite", () => {
  const directory = temporaryDirectory();
  const stores: KeyStore[] = [];
  return {
    open: () => {
      const store = openKeyStore(join(directory.path, "tollgate.db"));
      stores.push(store);
      return store;
    },
    [Symbol.dispose]: () => {
      for (const store of stores) store.close();
      directory[Symbol.dispose]();
    },
  };
});

test("the audit log cannot be changed or shortened, by SQL either", () => {
  using directory = temporaryDirectory();
  const file = join(directory.path, "tollgate.db");
  const store = openKeyStore(file);
  store.addAudit({
    id: "1",
    at: 1,
    actor: "a",
    action: "b",
    subject: "s",
    before: null,
    after: null,
  });
  using database = new Database(file);

  expect(() => database.run("UPDATE audit SET actor = 'x'")).toThrow("not changed");
  expect(() => database.run("DELETE FROM audit")).toThrow("not shortened");
  expect(store.audit({}, { page: 1, size: 1 }).total).toBe(1);
  store.close();
});

test("two processes that make the same database at once make one", async () => {
  using directory = temporaryDirectory();
  const file = join(directory.path, "tollgate.db");
  const source = join(import.meta.dir, "../../src/storage/sqlite/key-store.ts");
  const script = `
    const { openKeyStore } = await import(${JSON.stringify(source)});
    const store = openKeyStore(${JSON.stringify(file)});
    for (let at = 0; at < 20; at += 1) {
      store.atomically(() => store.addImported(process.pid + " " + at));
    }
    store.close();`;

  const processes = Array.from({ length: 3 }, () =>
    Bun.spawn([process.execPath, "-e", script], { stderr: "inherit" }),
  );
  const codes = await Promise.all(processes.map(({ exited }) => exited));

  expect(codes).toEqual([0, 0, 0]);
  using database = new Database(file, { readonly: true });
  expect(database.query("SELECT count(*) FROM imported").values()).toEqual([[60]]);
  expect(database.query("SELECT number FROM migrations").values()).toEqual([[1], [2]]);
});
