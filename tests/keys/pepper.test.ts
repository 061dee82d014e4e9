import { expect, test } from "bun:test";
import { chmodSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { newKey } from "../../src/core/key.ts";
import { StoreError } from "../../src/core/store-error.ts";
import { openKeyBook } from "../../src/keys/key-book.ts";
import { digesterOf, type Environment } from "../../src/keys/pepper.ts";
import { openKeyStore } from "../../src/storage/sqlite/key-store.ts";
import { temporaryDirectory } from "./book.ts";

/** Opens the keys of a data directory, does something with them and closes them. */
function withBook<T>(
  directory: string,
  env: Environment,
  work: (book: ReturnType<typeof openKeyBook>) => T,
): T {
  const store = openKeyStore(join(directory, "tollgate.db"));
  try {
    return work(openKeyBook({ store, digester: digesterOf(store, directory, env) }));
  } finally {
    store.close();
  }
}

function create(directory: string, env: Environment): string {
  return withBook(directory, env, (book) => book.create({}, null, "me").key);
}

function knows(directory: string, env: Environment, key: string): boolean {
  return withBook(directory, env, (book) => book.find(key) !== null);
}

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof StoreError) return error.message;
    throw error;
  }
  return "none";
}

test("a file is made on the first start, for its owner alone, and used from then on", () => {
  using directory = temporaryDirectory();
  const file = join(directory.path, "salt_key");

  const key = create(directory.path, {});

  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, "utf8")).toMatch(/^[A-Za-z0-9_-]{43}\n$/);
  expect(knows(directory.path, {}, key)).toBe(true);
});

test.each([
  [{ TOLLGATE_SALT_KEY: "one", LITELLM_SALT_KEY: "two" }, "one"],
  [{ LITELLM_SALT_KEY: "two" }, "two"],
  [{ TOLLGATE_SALT_KEY: "", LITELLM_SALT_KEY: " two\n" }, "two"],
])("of %p the pepper is %p, and no file is made", (env, secret) => {
  using directory = temporaryDirectory();

  const key = create(directory.path, env);

  expect(existsSync(join(directory.path, "salt_key"))).toBe(false);
  expect(knows(directory.path, { TOLLGATE_SALT_KEY: secret }, key)).toBe(true);
});

test("a credential comes before the file", () => {
  using directory = temporaryDirectory();
  using credentials = temporaryDirectory();
  writeFileSync(join(credentials.path, "salt_key"), "secret of systemd\n");
  writeFileSync(join(directory.path, "salt_key"), "another\n");

  const key = create(directory.path, { CREDENTIALS_DIRECTORY: credentials.path });

  expect(knows(directory.path, { TOLLGATE_SALT_KEY: "secret of systemd" }, key)).toBe(true);
});

test("without the credential the file is used", () => {
  using directory = temporaryDirectory();
  const env = { CREDENTIALS_DIRECTORY: join(directory.path, "none") };

  create(directory.path, env);

  expect(existsSync(join(directory.path, "salt_key"))).toBe(true);
});

test("the file's text in the variable is the same pepper", () => {
  using directory = temporaryDirectory();
  const key = create(directory.path, {});
  const file = join(directory.path, "salt_key");
  const env = { TOLLGATE_SALT_KEY: readFileSync(file, "utf8") };
  rmSync(file);

  expect(knows(directory.path, env, key)).toBe(true);
});

test("a lost file is an error that names it, and nothing is made in its place", () => {
  using directory = temporaryDirectory();
  create(directory.path, {});
  const file = join(directory.path, "salt_key");
  rmSync(file);

  const message = refusal(() => create(directory.path, {}));

  expect(message).toContain(`Restore the file ${file} from a backup`);
  expect(existsSync(file)).toBe(false);
});

test("a lost variable is an error that names it", () => {
  using directory = temporaryDirectory();
  create(directory.path, { TOLLGATE_SALT_KEY: "one" });

  expect(refusal(() => create(directory.path, {}))).toContain(
    "Set TOLLGATE_SALT_KEY to what it was",
  );
  expect(existsSync(join(directory.path, "salt_key"))).toBe(false);
});

test("another pepper is an error that says where each came from, and tells neither", () => {
  using directory = temporaryDirectory();
  create(directory.path, { LITELLM_SALT_KEY: "first secret" });

  const message = refusal(() => create(directory.path, { TOLLGATE_SALT_KEY: "second secret" }));
  const same = refusal(() => create(directory.path, { LITELLM_SALT_KEY: "second secret" }));

  expect(message).toContain("from the variable LITELLM_SALT_KEY");
  expect(message).toContain("the variable TOLLGATE_SALT_KEY holds another one");
  expect(same).toContain("Set LITELLM_SALT_KEY to what it was");
  expect(message + same).not.toMatch(/first secret|second secret/);
});

test("revoked and imported keys bind the pepper too", () => {
  using revoked = temporaryDirectory();
  using imported = temporaryDirectory();
  withBook(revoked.path, {}, (book) => book.revoke([book.create({}, null, "me").record.id], "me"));
  withBook(imported.path, {}, (book) => {
    const sha256 = new Bun.CryptoHasher("sha256").update(newKey()).digest("hex");
    book.importAll([{ sha256, name: "sk-...", createdAt: 0, changes: {} }], "me");
  });

  for (const { path } of [revoked, imported]) {
    expect(refusal(() => create(path, { TOLLGATE_SALT_KEY: "x" }))).toContain("another one");
  }
});

test("while there are no keys another pepper is as good", () => {
  using directory = temporaryDirectory();
  withBook(directory.path, {}, () => {});

  const key = create(directory.path, { TOLLGATE_SALT_KEY: "x" });

  expect(knows(directory.path, { TOLLGATE_SALT_KEY: "x" }, key)).toBe(true);
});

test("an empty file is an error, never a new pepper", () => {
  using directory = temporaryDirectory();
  writeFileSync(join(directory.path, "salt_key"), "\n", { mode: 0o600 });

  expect(refusal(() => create(directory.path, {}))).toContain("is empty");
});

test("a file that cannot be read is an error that says so", () => {
  using directory = temporaryDirectory();
  const env = { CREDENTIALS_DIRECTORY: join(directory.path, "file") };
  writeFileSync(join(directory.path, "file"), "");

  expect(refusal(() => create(directory.path, env))).toContain("ENOTDIR");
});

test.skipIf(process.getuid?.() === 0)("nor is one that belongs to somebody else", () => {
  using directory = temporaryDirectory();
  create(directory.path, {});
  chmodSync(join(directory.path, "salt_key"), 0o000);

  expect(refusal(() => create(directory.path, {}))).toContain("EACCES");
});

test.each([0o604, 0o602, 0o666])("a file that others may use (%o) is refused", (mode) => {
  using directory = temporaryDirectory();
  const file = join(directory.path, "salt_key");
  const key = create(directory.path, {});

  chmodSync(file, mode);
  const message = refusal(() => create(directory.path, {}));
  chmodSync(file, 0o600);

  expect(message).toContain(`chmod 600 ${file}`);
  expect(knows(directory.path, {}, key)).toBe(true);
});

test("of several lines the first is the pepper, whatever stands below it and between them", () => {
  using directory = temporaryDirectory();
  const key = create(directory.path, { TOLLGATE_SALT_KEY: "one" });

  for (const text of ["one\ntwo", "\n  one \r\n\r\ntwo\r\n", "one\n\nthree\ntwo\n"]) {
    expect(knows(directory.path, { TOLLGATE_SALT_KEY: text }, key)).toBe(true);
  }
  const message = refusal(() => create(directory.path, { TOLLGATE_SALT_KEY: "two\none" }));
  expect(message).toContain("Put that line first again");
  expect(message).not.toMatch(/\b(?:one|two)\b/);
});

test("a sealed secret binds the salt key where there is no key", () => {
  using directory = temporaryDirectory();
  const file = join(directory.path, "salt_key");
  withBook(directory.path, {}, () => {});
  const store = openKeyStore(join(directory.path, "tollgate.db"));
  store.addEndpoint({
    id: "x",
    version: 1,
    settings: '{"headers":{"a":null}}',
    sealed: { "headers.a": { kid: "0", nonce: "", text: "" } },
    createdAt: 0,
    createdBy: "me",
    updatedAt: 0,
    updatedBy: "me",
  });
  store.close();
  rmSync(file);

  expect(refusal(() => create(directory.path, {}))).toContain(
    `Restore the file ${file} from a backup`,
  );
  expect(existsSync(file)).toBe(false);
});
