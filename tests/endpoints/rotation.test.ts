import { expect, test } from "bun:test";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  renameSync,
  rmdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { newKey } from "../../src/core/key.ts";
import { StoreError } from "../../src/core/store-error.ts";
import { sealedRecord } from "../../src/endpoints/sealed-record.ts";
import { digesterOf } from "../../src/keys/pepper.ts";
import { rotateSaltKey } from "../../src/keys/rotate-salt-key.ts";
import { kidOf, sealerOf } from "../../src/keys/sealer.ts";
import { codeOf } from "../keys/book.ts";
import { secretSettings, testBooks } from "./book.ts";

type Books = ReturnType<typeof testBooks>;

function kids({ store }: ReturnType<Books["open"]>): string[] {
  const texts = store.endpoints().flatMap(({ sealed }) => Object.values(sealed));
  return [...new Set(texts.map(({ kid }) => kid))];
}

test("everything is sealed under a new line; the first stays, what nothing needs goes", () => {
  using place = testBooks();
  const opened = place.open();
  const made = opened.book.create("x", secretSettings, "me");
  const [first = ""] = place.lines();
  const key = newKey();
  const digest = digesterOf(opened.store, place.directory, {}).digest(key);

  const once = opened.rotate();
  const [, second = ""] = place.lines();
  const twice = opened.rotate();

  const lines = place.lines();
  expect([once.resealed, twice.resealed, twice.lines, lines.length]).toEqual([5, 5, 2, 2]);
  expect(lines[0]).toBe(first);
  expect(lines).not.toContain(second);
  expect(once.kid).toBe(kidOf(second));
  expect(kids(opened)).toEqual([kidOf(lines[1] ?? "")]);
  expect(statSync(place.saltKey).mode & 0o777).toBe(0o600);
  const again = place.open();
  expect(again.book.all()).toEqual([made]);
  expect(digesterOf(again.store, place.directory, {}).digest(key)).toBe(digest);
  expect(opened.entries()[0]).toMatchObject({ action: "salt_key.rotate", actor: "tester" });
  expect(JSON.parse(opened.entries()[0]?.after ?? "")).toEqual({ kid: twice.kid, resealed: 5 });
});

test("another process goes on without a restart, and seals under the new line", () => {
  using place = testBooks();
  const [here, there] = [place.open(), place.open()];
  here.book.create("x", secretSettings, "me");
  there.book.refresh();

  for (let at = 0; at < 3; at += 1) here.rotate();
  there.book.create("y", { ...secretSettings, path: "/b" }, "they"); // no refresh before

  expect(kids(here)).toEqual([kidOf(place.lines().at(-1) ?? "")]);
  here.book.refresh();
  there.book.refresh();
  expect(there.book.all()).toEqual(here.book.all());
  expect([here.faults, there.faults]).toEqual([[], []]);
  expect(place.open().book.all()).toEqual(here.book.all());
});

test("nor does it seal under a line that went while nothing was sealed at all", () => {
  using place = testBooks();
  const here = place.open();
  here.rotate();
  const there = place.open();

  here.rotate();
  const made = there.book.create("x", secretSettings, "they");

  expect(place.open().book.all()).toEqual([made]);
});

test("a process that starts while the key is rotated reads it again", () => {
  using place = testBooks();
  const here = place.open();
  const made = here.book.create("x", secretSettings, "me");

  const there = place.open({
    seen: (store) => ({
      ...store,
      endpoints: () => {
        if (place.lines().length === 1) here.rotate();
        return store.endpoints();
      },
    }),
  });

  expect(there.book.all()).toEqual([made]);
});

test("a line in the middle stays while anything is sealed under it", () => {
  using place = testBooks();
  const { store, sealing, book } = place.open();
  const made = book.create("x", secretSettings, "me");
  writeFileSync(place.saltKey, `${place.lines().join("\n")}\nmiddle\n`);
  let times = 0;
  const late = {
    ...store,
    atomically: <T>(work: () => T) => {
      times += 1;
      if (times === 2)
        store.putEndpoint(sealedRecord(made, sealerOf({ lines: ["middle"], source: "" })));
      return store.atomically(work);
    },
  };

  rotateSaltKey({ store: late, sealing, reseal: (actor) => book.reseal(actor) }, "tester");

  expect(place.lines()).toHaveLength(3);
  expect(place.open().book.all()).toEqual([made]);
});

test("two processes that rotate in turn lose no line that is in use", () => {
  using place = testBooks();
  const [here, there] = [place.open(), place.open()];
  const made = here.book.create("x", secretSettings, "me");

  for (const one of [here, there, there, here, there]) one.rotate();

  expect(place.lines()).toHaveLength(2);
  expect(place.open().book.all()).toEqual([made]);
});

test("a link to the salt key stays a link", () => {
  using place = testBooks();
  const opened = place.open();
  const real = join(place.directory, "elsewhere");
  renameSync(place.saltKey, real);
  symlinkSync(real, place.saltKey);

  opened.rotate();

  expect(lstatSync(place.saltKey).isSymbolicLink()).toBe(true);
  expect(place.lines()).toHaveLength(2);
});

test("a variable is not ours to write: it says what to do, and seals under the line that was added", () => {
  using place = testBooks();
  const env = { TOLLGATE_SALT_KEY: "one" };
  const before = place.open({ env });
  const made = before.book.create("x", secretSettings, "me");

  const refusal = codeOf(() => before.rotate());
  const after = place.open({ env: { TOLLGATE_SALT_KEY: "one\ntwo" } });
  const rotated = after.rotate();

  expect(refusal).toContain("request_invalid");
  expect(refusal).toContain("the variable TOLLGATE_SALT_KEY, which the gateway does not write");
  expect(refusal).toContain("restart, and run this again");
  expect(rotated).toEqual({ resealed: 5, kid: kidOf("two"), lines: 2 });
  expect(codeOf(() => after.rotate())).toContain("add a line to it");
  expect(place.open({ env: { TOLLGATE_SALT_KEY: "one\ntwo" } }).book.all()).toEqual([made]);
});

test("a file that cannot be written leaves everything as it was; a draft that was left is no harm", () => {
  using place = testBooks();
  const opened = place.open();
  const made = opened.book.create("x", secretSettings, "me");
  const before = place.lines();
  mkdirSync(`${place.saltKey}.new`);

  expect(() => opened.rotate()).toThrow(StoreError);
  expect([place.lines(), opened.entries().length]).toEqual([before, 1]);
  rmdirSync(`${place.saltKey}.new`);
  writeFileSync(`${place.saltKey}.new`, "half a li");
  opened.rotate();

  expect(existsSync(`${place.saltKey}.new`)).toBe(false);
  expect(place.lines()).toHaveLength(2);
  expect(place.open().book.all()).toEqual([made]);
});

test("a rotation that cannot be committed is none, and the line that it left goes with the next", () => {
  using place = testBooks();
  const full = new Error("full");
  const failing = place.open({
    seen: (store) => ({
      ...store,
      putEndpoint: () => {
        throw full;
      },
    }),
  });
  const made = failing.book.create("x", secretSettings, "me");

  expect(() => failing.rotate()).toThrow(full);
  failing.book.create("y", { ...secretSettings, path: "/b" }, "me");
  expect(place.lines()).toHaveLength(2);

  const after = place.open();
  expect(after.book.find("x")).toEqual(made);
  after.rotate();
  expect(place.lines()).toHaveLength(2);
  expect(place.open().book.all()).toEqual(failing.book.all());
});

/** A process that is killed at a step of a rotation. */
async function killedAt(place: Books, step: string) {
  const script = `
    import { openBook } from ${JSON.stringify(join(import.meta.dir, "book.ts"))};
    import { rotateSaltKey } from ${JSON.stringify(join(import.meta.dir, "../../src/keys/rotate-salt-key.ts"))};
    const die = (step) => { if (step === ${JSON.stringify(step)}) process.kill(process.pid, "SIGKILL"); };
    const opened = openBook(${JSON.stringify(place.directory)});
    let puts = 0, changes = 0;
    const put = opened.store.putEndpoint;
    opened.store.putEndpoint = (record) => { put(record); die("put " + ++puts); };
    const atomically = opened.store.atomically;
    const store = { ...opened.store, atomically: (work) => {
      die("change " + ++changes);
      const done = atomically(() => { const made = work(); die("uncommitted " + changes); return made; });
      die("committed " + changes);
      return done;
    } };
    const reseal = (actor) => { die("line written"); return opened.book.reseal(actor); };
    rotateSaltKey({ store, sealing: opened.sealing, reseal }, "tester");`;
  const child = Bun.spawn([process.execPath, "-e", script], { stderr: "inherit" });
  await child.exited;
  return child.signalCode;
}

test.each([
  "change 1",
  "line written",
  "put 1",
  "put 2",
  "uncommitted 1",
  "committed 1",
  "change 2",
  "uncommitted 2",
  "committed 2",
])("killed at %p everything can be opened, and the next rotation cleans up", async (step) => {
  using place = testBooks();
  const before = place.open();
  before.book.create("x", secretSettings, "me");
  before.book.create("y", { ...secretSettings, path: "/b" }, "me");
  const [first] = place.lines();

  const signal = await killedAt(place, step);

  expect(signal).toBe("SIGKILL");
  const after = place.open();
  expect(after.book.all()).toEqual(before.book.all());
  before.book.refresh();
  before.book.change("x", { path: "/c" }, 1, "me"); // a process that ran all the while
  after.rotate();
  expect(place.lines()).toHaveLength(2);
  expect(place.lines()[0]).toBe(first);
  expect(place.open().book.all()).toEqual(before.book.all());
});
