import { describe, expect, test } from "bun:test";
import { sizeOf } from "../../src/ledger/segments.ts";
import type { TestJournal } from "./open-journal.ts";
import { idsOf, openJournal, rowText } from "./open-journal.ts";
import { leaveOut, smallDisk } from "./small-disk.ts";

const mib = 1024 * 1024;

async function recovered({ told }: TestJournal): Promise<number> {
  const from = performance.now();
  while (told.at(-1) !== null && performance.now() - from < 8_000) await Bun.sleep(20);
  return performance.now() - from;
}

describe.skipIf(leaveOut)("on a full disk (needs to mount one)", () => {
  test.each([false, true])(
    "what was written in part is taken back, and written later (sync: %p)",
    async (syncEveryTurn) => {
      using disk = smallDisk(mib);
      const opened = openJournal(disk.path, { syncEveryTurn });
      const { journal, told } = opened;
      journal.append(rowText("before", 1_000));
      const before = await journal.written();
      const { size } = journal.current;
      disk.fill(8_192);

      journal.append(rowText("large", 100_000));
      const during = await journal.written();
      journal.append(rowText("small"));
      const still = await journal.written();
      const left = sizeOf(journal.current.segment.path);
      disk.free();
      const waited = await recovered(opened);
      const after = await journal.written();
      journal.append(rowText("after"));
      journal.close();

      expect([before, during, still, after]).toEqual([true, false, false, true]);
      expect(left).toBe(size);
      expect(told).toEqual(["ENOSPC", null]);
      expect(waited).toBeLessThan(5_000);
      expect(idsOf(disk.path)).toEqual(["before", "large", "small", "after"]);
      expect([journal.dropped, journal.failed]).toEqual([0, null]);
    },
  );

  test("what waits is bounded: the rest is dropped and counted, and failing is told once", async () => {
    using disk = smallDisk(8 * mib);
    const opened = openJournal(disk.path);
    const { journal, told } = opened;
    disk.fill(0);

    const results: boolean[] = [];
    for (let i = 0; i < 100; i++) {
      journal.append(rowText(`c${i}`, 100_000));
      results.push(await journal.written());
    }
    disk.free();
    await recovered(opened);
    journal.close();

    const kept = 100 - journal.dropped;
    expect(results).not.toContain(true);
    expect(told).toEqual(["ENOSPC", null]);
    expect(kept).toBeWithin(30, 43);
    expect(idsOf(disk.path)).toEqual(Array.from({ length: kept }, (_, i) => `c${i}`));
  });

  test("records that wait are written when the journal is closed, if there is room then", async () => {
    using disk = smallDisk(mib);
    const { journal } = openJournal(disk.path);
    disk.fill(0);
    journal.append(rowText("a"));
    const written = await journal.written();
    disk.free();

    journal.close();

    expect(written).toBe(false);
    expect(idsOf(disk.path)).toEqual(["a"]);
  });

  test("a journal can be closed though it cannot write, and writes nothing from then on", async () => {
    using disk = smallDisk(mib);
    const { journal } = openJournal(disk.path);
    disk.fill(0);
    journal.append(rowText("a"));

    journal.close();
    const empty = idsOf(disk.path);
    disk.free();
    using other = openJournal(disk.path); // gets the file descriptor that was closed
    journal.flush();

    expect(await journal.written()).toBe(false);
    expect(empty).toEqual([]);
    expect(idsOf(disk.path)).toEqual([]);
    expect(other.journal.current.size).toBe(0);
  });

  test("a new segment without room for the calls under way is not begun: the old one says all", async () => {
    using disk = smallDisk(20 * mib);
    const carried = [rowText("carried", 4 * mib)];
    using opened = openJournal(disk.path, { carryOver: () => carried });
    const { journal, told } = opened;
    const results: boolean[] = [];
    for (let i = 0; i < 18; i++) {
      journal.append(rowText(`c${i}`, mib));
      results.push(await journal.written());
    }

    expect(results).not.toContain(false);
    expect(told).toEqual([]);
    expect(journal.current.segment.number).toBe(1);
    expect(idsOf(disk.path)).toEqual(Array.from({ length: 18 }, (_, i) => `c${i}`));
    expect(journal.current.size).toBe(sizeOf(journal.current.segment.path));
  });
});
