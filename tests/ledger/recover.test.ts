import { describe, expect, test } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { everybody, type JournalEntry, scopesOf } from "../../src/core/journal.ts";
import type { StoredAccount } from "../../src/core/ledger-store.ts";
import { tickNow } from "../../src/ledger/rate-window.ts";
import { charge, recover } from "../../src/ledger/recover.ts";
import { sizeOf } from "../../src/ledger/segments.ts";
import { TallyBook } from "../../src/ledger/tally.ts";
import { between, callRow, openEntry, rowEntry, seeded, tempFolder } from "./parts.ts";
import { writeSegment } from "./segments.ts";

const notFolded = () => 0;
const call = (id: string, costNanoUsd: number | null) =>
  callRow(id, { keyId: "k", teamId: "t", costNanoUsd });
const scopes = ["key:k", "team:t", "route:/search", everybody];

function emptyBook(): TallyBook {
  return new TallyBook(() => null);
}

describe("calls", () => {
  test("that nobody saw end become rows with what they had on hold, and nothing is counted twice", () => {
    using folder = tempFolder();
    const lost = { ...call("lost", 9), estimated: true, error: "lost", status: 0 };
    const segment = writeSegment(folder.path, 1, [
      openEntry(call("ended", 9)),
      openEntry(lost, { modelScopes: ["key:k:model:gpt-4"] }),
      openEntry(call("free", 0)),
      rowEntry(call("ended", 4)),
      rowEntry(call("refused", 0)),
    ]);
    const book = emptyBook();

    const rows = recover([segment], notFolded, book);

    expect(rows).toEqual([
      { kind: "row", row: lost, modelScopes: ["key:k:model:gpt-4"] },
      { kind: "row", row: expect.objectContaining({ id: "free" }), modelScopes: [] },
    ]);
    expect(scopes.map((scope) => book.of(scope).spentNanoUsd)).toEqual([4, 4, 4, 4]);
    for (const { row, modelScopes } of rows) charge(book, row, modelScopes);
    expect(book.of("key:k:model:gpt-4").spentNanoUsd).toBe(9);
    expect(scopes.map((scope) => book.of(scope).spentNanoUsd)).toEqual([13, 13, 13, 13]);
    expect(book.of("key:k")).toMatchObject({ heldNanoUsd: 0, calls: 0 });
  });

  test("that ended in a later segment are closed, those that every segment begins anew with too", () => {
    using folder = tempFolder();
    const [a, b, c] = ["a", "b", "c"].map((id) => openEntry(call(id, 5)));
    if (a === undefined || b === undefined || c === undefined) throw new Error("three calls");
    const segments = [
      writeSegment(folder.path, 1, [a, b, c]),
      writeSegment(folder.path, 2, [a, b, c, rowEntry(call("a", 5))]),
      writeSegment(folder.path, 3, [b, c, rowEntry(call("c", 5))], "2-2"),
    ];

    const book = emptyBook();
    expect(recover(segments, notFolded, book).map(({ row }) => row.id)).toEqual(["b"]);
    expect(book.of("key:k").spentNanoUsd).toBe(10);
    expect(book.of("key:k").requestWindow(tickNow()).used(tickNow())).toBe(3);
    // The oldest goes first once it is folded: the others say it all.
    expect(recover(segments.slice(1), notFolded, emptyBook()).map(({ row }) => row.id)).toEqual([
      "b",
    ]);
  });

  test("whose row stands before the open entry, or twice, in segments of two processes, count once", () => {
    using folder = tempFolder();
    const segments = [
      writeSegment(folder.path, 1, [openEntry(call("a", 5))], "1-1"),
      writeSegment(folder.path, 2, [rowEntry(call("a", 5))], "2-2"),
      writeSegment(folder.path, 3, [openEntry(call("a", 5))], "1-1"),
      writeSegment(folder.path, 4, [rowEntry(call("a", 5))], "3-3"),
    ];
    const book = emptyBook();

    expect(recover(segments, notFolded, book)).toEqual([]);
    expect(book.of("key:k").spentNanoUsd).toBe(5);
  });

  test("of a key, a team and models are charged to each, anonymous ones to route and everybody", () => {
    using folder = tempFolder();
    const segment = writeSegment(folder.path, 1, [
      rowEntry(call("a", 5), ["team:t:model:m"]),
      rowEntry(callRow("b", { costNanoUsd: 7 })),
      rowEntry(callRow("c", { costNanoUsd: null })),
    ]);
    const book = emptyBook();

    recover([segment], notFolded, book);

    const spent = (scope: string) => book.of(scope).spentNanoUsd;
    expect([...scopes, "team:t:model:m"].map(spent)).toEqual([5, 5, 12, 12, 5]);
  });
});

/** What the accounts have after these entries; the way of the store. */
function accountsAfter(entries: readonly JournalEntry[]): Map<string, StoredAccount> {
  const accounts = new Map<string, StoredAccount>();
  const at = (scope: string) => accounts.get(scope) ?? { spentNanoUsd: 0, periodStart: 0 };
  const add = (scope: string, nanoUsd: number) =>
    accounts.set(scope, { ...at(scope), spentNanoUsd: at(scope).spentNanoUsd + nanoUsd });
  for (const entry of entries) {
    if (entry.kind === "row") {
      for (const scope of [...scopesOf(entry.row), ...entry.modelScopes]) {
        add(scope, entry.row.costNanoUsd ?? 0);
      }
    } else if (entry.kind === "adjust") add(entry.scope, entry.nanoUsd);
    else if (entry.kind === "period") {
      accounts.set(entry.scope, { spentNanoUsd: entry.spentNanoUsd, periodStart: entry.start });
    }
  }
  return accounts;
}

/** Calls, adjustments and new periods as they come. */
function history(seed: number): JournalEntry[] {
  const random = seeded(seed);
  const underWay: string[] = [];
  const entries: JournalEntry[] = [];
  for (let i = 0; i < 60; i++) {
    const what = random();
    if (what < 0.45) {
      underWay.push(`c${i}`);
      entries.push(openEntry(call(`c${i}`, 9), { modelScopes: ["key:k:model:m"] }));
    } else if (what < 0.85) {
      const [id = `r${i}`] = underWay.splice(between(random, 0, underWay.length), 1);
      entries.push(rowEntry(call(id, between(random, 0, 9)), ["key:k:model:m"]));
    } else if (what < 0.92) {
      entries.push({ kind: "adjust", scope: "key:k", nanoUsd: between(random, 1, 99) });
    } else {
      entries.push({ kind: "period", scope: "key:k", start: 1 + i, spentNanoUsd: 0 });
    }
  }
  return entries;
}

test.each([1, 2, 3, 4, 5, 6])("whatever was folded, the accounts are the same (%i)", (seed) => {
  using folder = tempFolder();
  const entries = history(seed);
  const half = between(seeded(seed), 0, entries.length);
  const first = writeSegment(folder.path, 1, entries.slice(0, half));
  const second = writeSegment(folder.path, 2, entries.slice(half));
  const lostIds = new Set<string>();
  for (const entry of entries) {
    if (entry.kind === "open") lostIds.add(entry.row.id);
    if (entry.kind === "row") lostIds.delete(entry.row.id);
  }
  const expected = accountsAfter(entries);
  for (let folded = 0; folded <= entries.length; folded++) {
    const stored = accountsAfter(entries.slice(0, folded));
    const book = new TallyBook((scope) => stored.get(scope) ?? null);
    const positions = new Map([
      [first.name, first.offsets[Math.min(folded, half)] ?? 0],
      [second.name, second.offsets[Math.max(0, folded - half)] ?? 0],
    ]);

    const lost = recover([first, second], (name) => positions.get(name) ?? 0, book);

    expect(lost.map(({ row }) => row.id).sort()).toEqual([...lostIds].sort());
    for (const scope of [...scopes, "key:k:model:m"]) {
      const { spentNanoUsd, periodStart } = book.of(scope);
      expect({ spentNanoUsd, periodStart }).toEqual(
        expected.get(scope) ?? { spentNanoUsd: 0, periodStart: 0 },
      );
    }
  }
});

test("cut off at any byte: every call whose open record is whole has one row or one hold", () => {
  using folder = tempFolder();
  const entries = history(9);
  const segment = writeSegment(folder.path, 1, entries);
  const whole = readFileSync(segment.path);
  for (let length = whole.length; length >= 0; length -= 3) {
    writeFileSync(segment.path, whole.subarray(0, length));
    const kept = segment.offsets.filter((offset) => offset <= length).length - 1;
    const opened = entries.slice(0, kept).flatMap((e) => (e.kind === "open" ? [e.row.id] : []));
    const ended = entries.slice(0, kept).flatMap((e) => (e.kind === "row" ? [e.row.id] : []));

    const lost = recover([segment], notFolded, emptyBook()).map(({ row }) => row.id);

    expect(lost).toEqual(opened.filter((id) => !ended.includes(id)));
    expect(sizeOf(segment.path)).toBe(segment.offsets[kept] ?? -1);
  }
});

describe("periods", () => {
  const period = (start: number, spentNanoUsd: number): JournalEntry => ({
    kind: "period",
    scope: "key:k",
    start,
    spentNanoUsd,
  });

  test.each([
    [
      "what came before does not count",
      [
        ["row", 5],
        ["period", 100, 0],
        ["row", 3],
      ],
      3,
      100,
    ],
    [
      "the first counts what was spent",
      [
        ["row", 5],
        ["period", 100, 5],
        ["row", 3],
      ],
      8,
      100,
    ],
    [
      "an older one never begins again",
      [
        ["period", 100, 0],
        ["row", 5],
        ["period", 90, 0],
      ],
      5,
      100,
    ],
    [
      "the same one begins once",
      [
        ["period", 100, 0],
        ["row", 5],
        ["period", 100, 0],
      ],
      5,
      100,
    ],
  ] as const)("%s", (_, steps, spentNanoUsd, periodStart) => {
    using folder = tempFolder();
    const entries = steps.map((step, i) =>
      step[0] === "row" ? rowEntry(call(`c${i}`, step[1])) : period(step[1], step[2]),
    );
    const book = emptyBook();

    recover([writeSegment(folder.path, 1, entries)], notFolded, book);

    expect(book.of("key:k")).toMatchObject({ spentNanoUsd, periodStart });
    expect(book.of(everybody).periodStart).toBe(0);
  });
});
