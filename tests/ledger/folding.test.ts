import { describe, expect, test } from "bun:test";
import { existsSync, rmSync, truncateSync, utimesSync } from "node:fs";
import { join } from "node:path";
import type { JournalEntry } from "../../src/core/journal.ts";
import { Folding, type FoldingOptions } from "../../src/ledger/folding.ts";
import type { Segment } from "../../src/ledger/segments.ts";
import { openLedgerWork } from "../../src/ledger-work.ts";
import { openAccounts } from "../../src/storage/sqlite/ledger-accounts.ts";
import { migrateLedger } from "../../src/storage/sqlite/ledger-schema.ts";
import { openJournal, owner, rowText } from "./open-journal.ts";
import { callRow, rowEntry, tempFolder } from "./parts.ts";
import { writeSegment } from "./segments.ts";
import { leaveOut, smallDisk } from "./small-disk.ts";

const order = { by: "startedAt", descending: false } as const;
const page = { page: 1, size: 100 };

/** A ledger's store, a journal, and what moves the one into the other. */
function openLedger(path: string, parts: Partial<FoldingOptions> = {}) {
  const { folder = join(path, "journal") } = parts;
  const file = join(path, "ledger.db");
  migrateLedger(file);
  const accounts = openAccounts(file);
  const work = openLedgerWork({ file, keepRows: true });
  const { journal, told } = openJournal(folder);
  const folding = new Folding({
    folder,
    journal,
    work,
    owner,
    foldsOthers: () => true,
    retention: () => ({ maxAgeMs: null, maxBytes: null }),
    failing: (reason) => void told.push(reason),
    ...parts,
  });
  return {
    folder,
    journal,
    folding,
    accounts,
    told,
    ids: async () => (await work.rows({}, order, page)).items.map(({ id }) => id),
    [Symbol.asyncDispose]: async () => {
      journal.close();
      await folding.close();
      await work.close();
      accounts.close();
    },
  };
}

const rowsOf = (...ids: string[]): JournalEntry[] =>
  ids.map((id, i) => rowEntry(callRow(id, { startedAt: 1_000 + i, keyId: "k", costNanoUsd: 5 })));

/** As if it had been written last two minutes ago. */
function age({ path }: Segment): void {
  const then = Date.now() / 1000 - 120;
  utimesSync(path, then, then);
}

describe("folding", () => {
  test("moves everything that was told by now, however many ask for it at once", async () => {
    using folder = tempFolder();
    await using ledger = openLedger(folder.path);
    ledger.journal.append(rowText("a"));

    const asked = [ledger.folding.foldAll(), ledger.folding.foldAll()];
    ledger.journal.append(rowText("b"));
    asked.push(...Array.from({ length: 50 }, () => ledger.folding.foldAll()));
    await Promise.all(asked);
    ledger.journal.append(rowText("c"));
    await ledger.folding.foldAll();

    expect((await ledger.ids()).sort()).toEqual(["a", "b", "c"]);
    const { segment, size } = ledger.journal.current;
    expect(ledger.accounts.position(segment.name)).toBe(size);
  });

  test("removes segments that are old enough, the oldest first, and their positions", async () => {
    using folder = tempFolder();
    const path = join(folder.path, "journal");
    await using ledger = openLedger(folder.path);
    const [old, young, older] = [
      writeSegment(path, 2, rowsOf("a", "b")),
      writeSegment(path, 3, rowsOf("c")),
      writeSegment(path, 4, rowsOf("d")),
    ];
    age(old);
    age(older); // but behind one that has to stay

    await Promise.all([ledger.folding.foldAll(), ledger.folding.foldAll()]);

    expect(await ledger.ids()).toEqual(expect.arrayContaining(["a", "b", "c", "d"]));
    expect([old, young, older].map((segment) => existsSync(segment.path))).toEqual([
      false,
      true,
      true,
    ]);
    expect(ledger.accounts.position(old.name)).toBe(0);
    expect(ledger.accounts.position(young.name)).toBe(young.offsets.at(-1) ?? -1);
    expect(ledger.accounts.account("key:k")?.spentNanoUsd).toBe(20);
    age(young);
    await ledger.folding.foldAll();
    expect(existsSync(young.path)).toBe(false);
    expect(existsSync(ledger.journal.current.segment.path)).toBe(true);
  });

  test("leaves another process's segments alone, and removes none behind them", async () => {
    using folder = tempFolder();
    const path = join(folder.path, "journal");
    await using ledger = openLedger(folder.path, { foldsOthers: (by) => by !== "7-7" });
    const living = writeSegment(path, 2, rowsOf("a"), "7-7");
    const ended = writeSegment(path, 3, rowsOf("b"), "8-8");
    age(living);
    age(ended);

    await ledger.folding.foldAll();

    expect(await ledger.ids()).toEqual(["b"]);
    expect([existsSync(living.path), existsSync(ended.path)]).toEqual([true, true]);
    expect(ledger.accounts.position(living.name)).toBe(0);
  });

  test("of a segment that cannot be read is an error, and what was before it is kept", async () => {
    using folder = tempFolder();
    const path = join(folder.path, "journal");
    await using ledger = openLedger(folder.path);
    const broken = writeSegment(path, 2, rowsOf("a", "b"));
    truncateSync(broken.path, (broken.offsets.at(-1) ?? 0) - 1);
    age(broken);

    await expect(ledger.folding.foldAll()).rejects.toThrow(`${broken.path} is damaged`);
    await expect(ledger.folding.foldAll()).rejects.toThrow("damaged");

    expect(await ledger.ids()).toEqual(["a"]);
    expect(existsSync(broken.path)).toBe(true);
  });
});

test("a journal of more than 1 GiB is overlong, whether or not it can be folded", async () => {
  using folder = tempFolder();
  await using ledger = openLedger(folder.path, { foldsOthers: () => false });
  const large = writeSegment(ledger.folder, 2, rowsOf("a"), "7-7");
  const before = ledger.folding.overlong;
  truncateSync(large.path, 1024 ** 3 + 1); // takes no room: nothing is in it

  while (!ledger.folding.overlong) await Bun.sleep(50);
  rmSync(large.path);
  while (ledger.folding.overlong) await Bun.sleep(50);

  expect(before).toBe(false);
  expect(ledger.told).toEqual([]);
});

test.skipIf(leaveOut)(
  "no segment is removed while rows wait to be written (needs to mount a disk)",
  async () => {
    using folder = tempFolder();
    using disk = smallDisk(1024 * 1024);
    await using ledger = openLedger(folder.path, { folder: disk.path });
    const segment = writeSegment(disk.path, 2, rowsOf("a"));
    age(segment);
    disk.fill(0);
    ledger.journal.append(rowText("waits"));
    await ledger.journal.written();

    await ledger.folding.foldAll();
    const during = existsSync(segment.path);
    disk.free();
    while (ledger.journal.failed !== null) await Bun.sleep(20);
    await ledger.folding.foldAll();

    expect(during).toBe(true);
    expect(existsSync(segment.path)).toBe(false);
    expect((await ledger.ids()).sort()).toEqual(["a", "waits"]);
  },
);
