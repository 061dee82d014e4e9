import { describe, expect, test } from "bun:test";
import { readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { encodeEntry } from "../../src/ledger/format.ts";
import { listSegments, sizeOf } from "../../src/ledger/segments.ts";
import { idsIn, idsOf, openJournal, owner, rowText } from "./open-journal.ts";
import { callRow, openEntry, tempFolder } from "./parts.ts";

const turn = () => new Promise((resolve) => setImmediate(resolve));
const ids = (count: number, name = "c") => Array.from({ length: count }, (_, i) => `${name}${i}`);

describe("writing", () => {
  test("is done once at the end of a turn, for all that was appended in it", async () => {
    using folder = tempFolder();
    using opened = openJournal(folder.path);
    const { journal } = opened;
    const { path } = journal.current.segment;

    for (const id of ids(100)) journal.append(rowText(id));
    const promises = [journal.written(), journal.written()];
    await Promise.resolve();
    const before = sizeOf(path);
    const results = await Promise.all(promises);

    expect(before).toBe(0);
    expect(results).toEqual([true, true]);
    expect(sizeOf(path)).toBe(journal.current.size);
    expect(idsOf(folder.path)).toEqual(ids(100));
  });

  test("of one turn does not wait for the next", async () => {
    using folder = tempFolder();
    using opened = openJournal(folder.path);
    const { journal } = opened;
    const sizes: number[] = [];
    for (const id of ids(20)) {
      journal.append(rowText(id, 50));
      expect(await journal.written()).toBe(true);
      sizes.push(sizeOf(journal.current.segment.path));
      await turn();
    }

    expect(new Set(sizes).size).toBe(20);
    expect(idsOf(folder.path)).toEqual(ids(20));
  });

  test("at once is there when it is asked for, and the turn's promise knows", async () => {
    using folder = tempFolder();
    using opened = openJournal(folder.path, { syncEveryTurn: true });
    const { journal } = opened;

    journal.append(rowText("a"));
    const written = journal.written();
    journal.flush();

    expect(idsOf(folder.path)).toEqual(["a"]);
    expect(await written).toBe(true);
    expect(await journal.written()).toBe(true);
  });

  test("takes a burst that is larger than its buffer", async () => {
    using folder = tempFolder();
    using opened = openJournal(folder.path);

    for (const id of ids(200)) opened.journal.append(rowText(id, 20_000));
    expect(await opened.journal.written()).toBe(true);

    expect(idsOf(folder.path)).toEqual(ids(200));
    expect([opened.journal.dropped, opened.journal.failed, ...opened.told]).toEqual([0, null]);
  });

  test("ends with close, which writes what waits; later records are dropped and counted", async () => {
    using folder = tempFolder();
    const { journal } = openJournal(folder.path);
    journal.append(rowText("a"));

    journal.close();
    journal.close();
    const [other] = [openJournal(folder.path, { owner: "1-2" })]; // may get the file descriptor that was closed
    journal.append(rowText("late"));
    expect(await journal.written()).toBe(false);
    journal.flush();
    await turn();
    other.journal.close();

    expect(idsOf(folder.path)).toEqual(["a"]);
    expect(journal.dropped).toBe(1);
  });

  test("is for the owner's eyes alone", () => {
    using folder = tempFolder();
    const path = join(folder.path, "journal");
    using _ = openJournal(path);

    const [name = ""] = readdirSync(path);
    expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(statSync(join(path, name)).mode & 0o777).toBe(0o600);
  });
});

describe("segments", () => {
  test("of two owners stand beside each other, the later ones behind", () => {
    using folder = tempFolder();
    using first = openJournal(folder.path, { owner: "10-1" });
    using second = openJournal(folder.path, { owner: "11-" });
    writeFileSync(join(folder.path, "000000000009-x.journal"), "");
    writeFileSync(join(folder.path, "notes.txt"), "");

    expect(listSegments(folder.path)).toEqual([
      first.journal.current.segment,
      second.journal.current.segment,
    ]);
    expect(second.journal.current.segment.number).toBe(2);
    expect(second.journal.current.segment.owner).toBe("11-");
  });

  test("end behind 16 MiB; the next one begins with the calls under way, and nothing is lost", async () => {
    using folder = tempFolder();
    const open = new Map<string, string>();
    using opened = openJournal(folder.path, { carryOver: () => open.values() });
    const { journal } = opened;
    const start = (id: string) => {
      const text = encodeEntry(openEntry(callRow(id)));
      open.set(id, text);
      journal.append(text);
    };
    start("long");
    const told: string[] = [];
    for (let i = 0; listSegments(folder.path).length < 3; i++) {
      start(`c${i}`);
      await journal.written();
      open.delete(`c${i}`);
      journal.append(rowText(`c${i}`, 200_000));
      if (await journal.written()) told.push(`c${i}`);
    }

    const segments = listSegments(folder.path);
    const [first = [], second = [], third = []] = segments.map(idsIn);
    expect(segments.map(({ owner: by, number }) => [by, number])).toEqual([
      [owner, 1],
      [owner, 2],
      [owner, 3],
    ]);
    for (const { path } of segments.slice(0, 2)) {
      expect(sizeOf(path)).toBeWithin(16 * 1024 * 1024, 17 * 1024 * 1024);
    }
    expect(second[0]).toBe("open long");
    expect(third).toEqual(["open long"]);
    expect([...first, ...second].filter((id) => !id.startsWith("open"))).toEqual(told);
    for (const list of [first, second]) expect(isSelfContained(list)).toBe(true);
  });

  test("that cannot be begun do not stop the old one", async () => {
    using folder = tempFolder();
    const path = join(folder.path, "journal");
    const aside = join(folder.path, "aside");
    using opened = openJournal(path);
    const { journal } = opened;
    const [segment] = listSegments(path);
    renameSync(path, aside);
    writeFileSync(path, "in the way");
    const write = async (id: string) => {
      journal.append(rowText(id, 900_000));
      return await journal.written();
    };

    const before = [];
    for (const id of ids(20)) before.push(await write(id));
    rmSync(path);
    renameSync(aside, path);
    const after = [];
    for (const id of ids(3, "d")) after.push(await write(id));

    expect([...before, ...after]).toEqual(Array.from({ length: 23 }, () => true));
    expect(opened.told).toEqual([]);
    expect(idsOf(path)).toEqual([...ids(20), ...ids(3, "d")]);
    expect(listSegments(path).length).toBe(2);
    expect(journal.current.segment.name).not.toBe(segment?.name ?? "");
  });
});

/** Every call that ended in it began in it. */
function isSelfContained(list: readonly string[]): boolean {
  const rows = list.filter((id) => !id.startsWith("open"));
  return rows.every(
    (id) => list.indexOf(`open ${id}`) >= 0 && list.indexOf(`open ${id}`) < list.indexOf(id),
  );
}

test("a journal keeps nobody waiting: a process that forgot to close it ends", async () => {
  using folder = tempFolder();
  const script = join(import.meta.dir, "append-and-return.ts");

  const child = Bun.spawn([process.execPath, script, folder.path], { stdout: "pipe" });

  expect(await child.exited).toBe(0);
  expect(idsOf(folder.path)).toEqual(["a"]);
});
