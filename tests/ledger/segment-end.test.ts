import { describe, expect, test } from "bun:test";
import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { DamagedSegment } from "../../src/ledger/read-segment.ts";
import { recover } from "../../src/ledger/recover.ts";
import { sizeOf } from "../../src/ledger/segments.ts";
import { TallyBook } from "../../src/ledger/tally.ts";
import { callRow, rowEntry, tempFolder } from "./parts.ts";
import { type WrittenSegment, writeSegment } from "./segments.ts";

const notFolded = () => 0;
const call = (id: string, costNanoUsd: number) =>
  callRow(id, { keyId: "k", teamId: "t", costNanoUsd });

function emptyBook(): TallyBook {
  return new TallyBook(() => null);
}

describe("a segment's end", () => {
  function damaged(segment: WrittenSegment): DamagedSegment {
    try {
      recover([segment], notFolded, emptyBook());
    } catch (error) {
      if (error instanceof DamagedSegment) return error;
      throw error;
    }
    throw new Error("it was read");
  }

  const entries = ["a", "b", "c"].map((id) => rowEntry(call(id, 5)));

  test("that was cut off is cut off the file, once", () => {
    using folder = tempFolder();
    const segment = writeSegment(folder.path, 1, entries);
    const [, , second = 0, end = 0] = segment.offsets;
    truncateSync(segment.path, end - 3);
    const book = emptyBook();

    recover([segment], notFolded, book);
    recover([segment], notFolded, emptyBook());

    expect(sizeOf(segment.path)).toBe(second);
    expect(book.of("key:k").spentNanoUsd).toBe(10);
  });

  test("that a power cut left as zeros is cut off", () => {
    using folder = tempFolder();
    const segment = writeSegment(folder.path, 1, entries);
    const end = segment.offsets.at(-1) ?? 0;
    truncateSync(segment.path, end + 10_000);

    recover([segment], notFolded, emptyBook());

    expect(sizeOf(segment.path)).toBe(end);
  });

  test.each([0, 3, 4, 60])(
    "a broken byte before it, %i into a record, is an error that says where",
    (into) => {
      using folder = tempFolder();
      const segment = writeSegment(folder.path, 1, entries);
      const [, start = 0] = segment.offsets;
      const bytes = readFileSync(segment.path);
      bytes[start + into] = (bytes[start + into] ?? 0) ^ 0x40;
      writeFileSync(segment.path, bytes);

      const error = damaged(segment);

      expect([error.path, error.offset]).toEqual([segment.path, start]);
      expect(error.message).toBe(`${segment.path} is damaged at byte ${start}`);
      expect(readFileSync(segment.path)).toEqual(bytes);
    },
  );

  test("of an empty segment is its beginning", () => {
    using folder = tempFolder();

    expect(recover([writeSegment(folder.path, 1, [])], notFolded, emptyBook())).toEqual([]);
  });

  test("of a kind that this version does not know is passed over", () => {
    using folder = tempFolder();
    const segment = writeSegment(folder.path, 1, entries);
    const later = Buffer.from('["z",1]');
    const head = Buffer.alloc(8);
    head.writeUInt32LE(later.length);
    head.writeUInt32LE(Bun.hash.crc32(later), 4);
    writeFileSync(segment.path, Buffer.concat([head, later, readFileSync(segment.path)]));
    const book = emptyBook();

    recover([segment], notFolded, book);

    expect(book.of("key:k").spentNanoUsd).toBe(15);
  });
});
