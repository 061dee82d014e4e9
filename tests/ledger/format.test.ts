import { describe, expect, test } from "bun:test";
import { crc32 } from "node:zlib";
import type { JournalEntry } from "../../src/core/journal.ts";
import {
  decodeEntry,
  encodeEntry,
  headBytes,
  openHeadOf,
  putRecord,
  readRecord,
  roomFor,
  rowHeadOf,
} from "../../src/ledger/format.ts";
import { between, callRow, openEntry, rowEntry, seeded } from "./parts.ts";

function recordsOf(texts: readonly string[]): Buffer {
  const buffer = Buffer.alloc(texts.reduce((sum, text) => sum + roomFor(text), 0));
  return buffer.subarray(
    0,
    texts.reduce((end, text) => putRecord(buffer, end, text), 0),
  );
}

interface Reading {
  readonly texts: string[];
  readonly end: "end" | "torn" | "damaged";
  /** Where the last thing that is no record begins. */
  readonly offset: number;
}

function readAll(bytes: Buffer): Reading {
  const texts: string[] = [];
  for (let offset = 0; ;) {
    const record = readRecord(bytes, offset);
    if (record.kind !== "record") return { texts, end: record.kind, offset };
    texts.push(record.text);
    offset = record.next;
  }
}

const texts = [
  encodeEntry(openEntry(callRow("a", { metadata: '{"note":"é 🎈"}' }))),
  encodeEntry({ kind: "refused", minute: 60_000, route: "/x", code: "key_invalid", count: 3 }),
  encodeEntry(rowEntry(callRow("a"), ["key:k:model:gpt-4"])),
  encodeEntry({ kind: "period", scope: "key:k", start: 86_400_000, spentNanoUsd: 0 }),
];
const whole = recordsOf(texts);
const starts = texts.map((_, i) => recordsOf(texts.slice(0, i)).length);

test("a record is its length, its CRC-32, and its text", () => {
  const record = recordsOf(["123456789"]);

  expect(record.toString("hex")).toBe(
    `09000000${"2639f4cb"}${Buffer.from("123456789").toString("hex")}`,
  );
  expect(record.readUInt32LE(4)).toBe(0xcbf43926); // the check value of CRC-32/ISO-HDLC
  expect(whole.readUInt32LE(4)).toBe(crc32(Buffer.from(texts[0] ?? "")));
});

test("records are read back, one behind the other", () => {
  expect(readAll(whole)).toEqual({ texts, end: "end", offset: whole.length });
  expect(readAll(Buffer.alloc(0))).toEqual({ texts: [], end: "end", offset: 0 });
});

test("cut off at any byte, the last record is torn and all before it are there", () => {
  for (let length = 0; length < whole.length; length++) {
    const before = starts.filter((start) => start <= length).length - 1;
    const isBetween = starts.includes(length);

    expect(readAll(whole.subarray(0, length))).toEqual({
      texts: texts.slice(0, before),
      end: isBetween ? "end" : "torn",
      offset: starts[before] ?? -1,
    });
  }
});

test("one wrong byte in an earlier record is damage, whichever it is; in the last one it is torn, or damage", () => {
  const last = starts.at(-1) ?? 0;
  for (let at = 0; at < whole.length; at++) {
    for (const flip of [0x01, 0x10, 0x80, 0xff]) {
      const bytes = Buffer.from(whole);
      bytes[at] = (bytes[at] ?? 0) ^ flip;
      const within = starts.findLastIndex((start) => start <= at);
      const { texts: read, end, offset } = readAll(bytes);

      expect(read).toEqual(texts.slice(0, within));
      expect(offset).toBe(starts[within] ?? -1);
      if (at < last && end !== "damaged") throw new Error(`byte ${at} ^ ${flip} is ${end}`);
      if (at >= last) expect(["torn", "damaged"]).toContain(end);
    }
  }
});

test("a length that points exactly at the end of the file is damage where records follow", () => {
  const bytes = Buffer.from(whole);
  bytes.writeUInt32LE(bytes.length - headBytes, 0);

  expect(readAll(bytes)).toEqual({ texts: [], end: "damaged", offset: 0 });
});

describe("after a power cut", () => {
  test.each([1, 7, 8, 9, 4_096, 100_000])("%i zero bytes at the end are torn", (count) => {
    const bytes = Buffer.concat([whole, Buffer.alloc(count)]);

    expect(readAll(bytes)).toEqual({ texts, end: "torn", offset: whole.length });
  });

  test("a record of which the first bytes came to the disk, and zeros behind it, is torn", () => {
    for (let kept = 1; kept < recordsOf(texts.slice(0, 1)).length; kept++) {
      const bytes = Buffer.concat([whole, whole.subarray(0, kept), Buffer.alloc(5_000)]);

      expect(readAll(bytes)).toEqual({ texts, end: "torn", offset: whole.length });
    }
  });

  test("zeros in the middle are damage", () => {
    const bytes = Buffer.from(whole);
    bytes.fill(0, starts[1], (starts[2] ?? 0) + 20);

    expect(readAll(bytes).end).toBe("damaged");
  });
});

test("what looks like a record inside of a text is none", () => {
  const inner = recordsOf([encodeEntry(rowEntry(callRow("inner")))]).toString("latin1");
  const outer = encodeEntry(rowEntry(callRow("outer", { metadata: JSON.stringify({ inner }) })));
  const bytes = recordsOf([outer]);

  for (let length = headBytes; length < bytes.length; length++) {
    expect(readAll(bytes.subarray(0, length)).end).toBe("torn");
  }
});

describe("entries", () => {
  const random = seeded(17);
  const letters = [
    "a",
    '"',
    "\\",
    "é",
    "🎈",
    "\ud83d",
    "\udc00",
    "\u0000",
    "\n",
    "\u2028",
    "{",
    "中",
  ];
  const text = (most: number) =>
    Array.from({ length: between(random, 0, most) }, () => letters[between(random, 0, 11)]).join(
      "",
    );
  const maybe = <Value>(value: () => Value) => (random() < 0.5 ? null : value());
  const number = () => between(random, 0, Number.MAX_SAFE_INTEGER - 1);
  const row = (most: number) =>
    callRow(text(20), {
      startedAt: number(),
      firstByteMs: maybe(() => random() * 1e6),
      durationMs: random() * 1e9,
      method: text(8),
      status: between(random, 0, 599),
      error: maybe(() => text(20)),
      route: text(30),
      target: text(30),
      keyId: maybe(() => text(32)),
      teamId: maybe(() => text(32)),
      userId: maybe(() => text(32)),
      endUser: maybe(() => text(64)),
      model: maybe(() => text(64)),
      costNanoUsd: maybe(number),
      estimated: random() < 0.5,
      bytesIn: number(),
      bytesOut: number(),
      tags: Array.from({ length: between(random, 0, 4) }, () => text(16)),
      metadata: maybe(() => text(most)),
    });
  const scopes = () => Array.from({ length: between(random, 0, 3) }, () => text(20));
  const makers: readonly ((most: number) => JournalEntry)[] = [
    (most) => openEntry(row(most), { bootMs: number(), tokens: number(), modelScopes: scopes() }),
    (most) => rowEntry(row(most), scopes()),
    () => ({ kind: "period", scope: text(30), start: number(), spentNanoUsd: number() }),
    () => ({ kind: "adjust", scope: text(30), nanoUsd: number() }),
    () => ({ kind: "refused", minute: number(), route: text(9), code: text(9), count: number() }),
  ];

  test.each([100, 8_192])(
    "come back as they were, with metadata of up to %i characters",
    (most) => {
      const entries = Array.from({ length: most === 100 ? 1_000 : 20 }, (_, i) =>
        makers[i % 5]?.(most),
      );
      const bytes = recordsOf(
        entries.map((entry) => (entry === undefined ? "" : encodeEntry(entry))),
      );

      expect(readAll(bytes).texts.map(decodeEntry)).toEqual(entries.map((entry) => entry ?? null));
    },
  );

  test("tell their call without being decoded, whatever stands in them", () => {
    const odd = ["", "é", '"', "\\", "a,b", "\ud83d"].map((id) => row(0).id + id);
    for (const id of ["018f-77", ...odd]) {
      const sent = openEntry(callRow(id), { bootMs: id === "" ? -3 : 1.5e-9, tokens: 12 });
      const { startedAt } = sent.row;

      expect(openHeadOf(encodeEntry(sent))).toMatchObject({
        id,
        bootMs: sent.bootMs,
        tokens: 12,
        startedAt,
      });
      expect(rowHeadOf(encodeEntry(rowEntry(callRow(id))))?.id).toBe(id);
      expect(rowHeadOf(encodeEntry(sent))).toBeNull();
      expect(openHeadOf(encodeEntry(rowEntry(callRow(id))))).toBeNull();
    }
    expect(openHeadOf('["p","o",1,2]')).toBeNull();
    expect(rowHeadOf('["p","r",1,2]')).toBeNull();
  });

  test("of a kind that only a later version knows are null", () => {
    expect(decodeEntry('["z",1,{"a":2}]')).toBeNull();
  });
});
