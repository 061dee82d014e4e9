import { expect, test } from "bun:test";
import type { CallFilter, CallOrder } from "../../src/core/spend.ts";
import type { CallRow } from "../../src/core/types.ts";
import { ledgerMigrations } from "../../src/storage/sqlite/ledger-schema.ts";
import { ledgerOn } from "../../src/storage/sqlite/ledger-store.ts";
import { openDatabase } from "../../src/storage/sqlite/open.ts";
import { temporaryFolder } from "../process/program.ts";
import { callRow, dice, manyRows, someDay } from "./ledger-samples.ts";

const dayMs = 86_400_000;

/** So many that most rows are in blocks; written in the order of their ends, as calls are. */
function calls(count: number): CallRow[] {
  const roll = dice(11);
  const rows = manyRows(count).map((row, index) => ({
    ...row,
    endUser: index > 4_000 && index < 6_000 ? `customer ${index}` : row.endUser,
    costNanoUsd: index === 1_234 ? 5_000_000 : row.costNanoUsd,
    status: index % 7_001 === 7_000 ? 418 : row.status,
    tags: index === 9_000 ? ["rare"] : row.tags,
    model: index > 20_000 && row.teamId === "team-2" ? "late" : row.model,
  }));
  return rows
    .map((row) => ({ row, end: row.startedAt + roll(3_000_000) }))
    .toSorted((a, b) => a.end - b.end)
    .map(({ row }) => row);
}

const rows = calls(23_400);

function start() {
  const folder = temporaryFolder();
  const ledger = ledgerOn(openDatabase(folder.file("ledger.db"), ledgerMigrations));
  for (let at = 0; at < rows.length; at += 1_000) {
    const batch = rows.slice(at, at + 1_000);
    const entries = batch.map((row) => ({ kind: "row", row, modelScopes: [] }) as const);
    ledger.fold("s", at, at + 1_000, entries);
  }
  return {
    ledger,
    [Symbol.dispose]() {
      ledger.close();
      folder[Symbol.dispose]();
    },
  };
}

const isFailed = (row: CallRow) => row.error !== null || row.status >= 400;
const costOf = ({ costNanoUsd }: CallRow) => costNanoUsd ?? -1;

const filters: (readonly [CallFilter, (row: CallRow) => boolean])[] = [
  [{}, () => true],
  [{ since: someDay + dayMs / 3, until: someDay + 2 * dayMs }, inside(dayMs / 3, 2 * dayMs)],
  [{ keyIds: ["key-2"] }, (row) => row.keyId === "key-2"],
  [{ keyIds: ["key-2", "key-3"] }, (row) => /key-[23]/.test(row.keyId ?? "")],
  [{ teamId: "team-2" }, (row) => row.teamId === "team-2"],
  [
    { teamId: "team-2", since: someDay + dayMs / 3, until: someDay + 2 * dayMs },
    (row) => row.teamId === "team-2" && inside(dayMs / 3, 2 * dayMs)(row),
  ],
  [{ userId: "bob" }, (row) => row.userId === "bob"],
  [{ route: "nowhere" }, () => false],
  [{ provider: "cohere" }, (row) => row.provider === "cohere"],
  [{ model: "late" }, (row) => row.model === "late"],
  [{ endUser: "customer 1" }, (row) => row.endUser === "customer 1"],
  [{ endUser: "customer 5000" }, (row) => row.endUser === "customer 5000"],
  [{ tag: "rare" }, (row) => row.tags.includes("rare")],
  [{ failed: true }, isFailed],
  [{ error: "upstream_timeout" }, (row) => row.error === "upstream_timeout"],
  [{ status: 418 }, (row) => row.status === 418],
  [{ statuses: [418, 429] }, (row) => row.status === 418 || row.status === 429],
  [{ minSpendNanoUsd: 999_000 }, (row) => costOf(row) >= 999_000],
  [{ maxSpendNanoUsd: 0 }, (row) => row.costNanoUsd === 0],
  [{ minDurationMs: 4_990 }, (row) => row.durationMs >= 4_990],
  [{ maxDurationMs: 1 }, (row) => row.durationMs <= 1],
  [
    { teamId: "team-2", model: "late", failed: true, minDurationMs: 4_000 },
    (row) =>
      row.teamId === "team-2" && row.model === "late" && isFailed(row) && row.durationMs >= 4_000,
  ],
];

for (const teamId of ["team-1", "team-2"]) {
  for (const [keyId, model] of [
    ["key-1", "late"],
    ["master", "gpt-4o"],
    ["key-3", "nothing"],
  ] as const) {
    filters.push([
      { teamId, keyIds: [keyId], model },
      (row) => row.teamId === teamId && row.keyId === keyId && row.model === model,
    ]);
  }
}

function inside(since: number, until: number) {
  return ({ startedAt: at }: CallRow) => at >= someDay + since && at < someDay + until;
}

const values: Readonly<Record<CallOrder, (row: CallRow) => number>> = {
  startedAt: (row) => row.startedAt,
  cost: costOf,
  durationMs: (row) => row.durationMs,
  status: (row) => row.status,
};

const ids = (some: readonly CallRow[]) => some.map(({ id }) => id);

/** Ties in the order in which they were written. */
function sorted(some: readonly CallRow[], by: CallOrder, descending: boolean): CallRow[] {
  const ascending = some.toSorted((a, b) => values[by](a) - values[by](b));
  return descending
    ? some.toReversed().toSorted((a, b) => values[by](b) - values[by](a))
    : ascending;
}

test("every filter in every order gives the rows that a look at each of them gives", () => {
  using given = start();

  for (const [filter, isMeant] of filters) {
    const meant = rows.filter(isMeant);
    for (const by of ["startedAt", "cost", "durationMs", "status"] as const) {
      for (const descending of [true, false]) {
        const wanted = sorted(meant, by, descending);
        for (const page of [1, 3]) {
          const found = given.ledger.rows(filter, { by, descending }, { page, size: 40 });
          const told = { filter, by, descending, page, ids: ids(found.items) };
          const part = ids(wanted.slice((page - 1) * 40, page * 40));
          expect(told).toEqual({ filter, by, descending, page, ids: part });
          if (found.isCapped === true) expect(found.total).toBeWithin(10_000, meant.length + 1);
          else expect([filter, found.total]).toEqual([filter, meant.length]);
        }
      }
    }
  }
});

test("totals are exact for one name and a time, and where little is found", () => {
  using given = start();
  const latest = { by: "startedAt", descending: true } as const;
  const isCapped = (filter: CallFilter) =>
    given.ledger.rows(filter, latest, { page: 1, size: 10 }).isCapped === true;

  expect(isCapped({ teamId: "team-2", since: someDay + 5 })).toBe(false);
  expect(isCapped({ statuses: [200, 404] })).toBe(false);
  expect(isCapped({ teamId: "team-2", minDurationMs: 4_000 })).toBe(false);
  expect(isCapped({ minDurationMs: 10 })).toBe(true);
});

test("an export holds each row once, by its start, whatever the filter", () => {
  using given = start();

  for (const [filter, isMeant] of filters) {
    const seen: string[] = [];
    let after: string | null = null;
    for (;;) {
      const part: readonly CallRow[] = given.ledger.scan(filter, after, 1_700);
      seen.push(...ids(part));
      after = part.at(-1)?.id ?? null;
      if (after === null) break;
    }
    expect([filter, seen]).toEqual([filter, ids(sorted(rows.filter(isMeant), "startedAt", false))]);
  }
});

test("names that meet in a call for the first time are found before the roll-ups know of it", () => {
  using folder = temporaryFolder();
  const ledger = ledgerOn(openDatabase(folder.file("ledger.db"), ledgerMigrations));
  const some = Array.from({ length: 9_999 }, (_, index) =>
    callRow({ teamId: index % 2 === 0 ? "a" : "b", model: index % 2 === 0 ? "m" : "n" }),
  );
  const last = callRow({ teamId: "a", model: "n" });
  const entries = [...some.slice(1), last].map(
    (row) => ({ kind: "row", row, modelScopes: [] }) as const,
  );
  ledger.fold("s", 0, 1, entries);

  const latest = { by: "startedAt", descending: true } as const;
  const found = ledger.rows({ teamId: "a", model: "n" }, latest, { page: 1, size: 10 });

  ledger.close();
  expect(found).toEqual({ items: [last], total: 1 });
});

test("calls by their ids: those among them that the other filters take", () => {
  using given = start();
  const some = rows.filter((_, index) => index % 1_000 === 3);
  const asked = ["nobody's", ...ids(some), ...ids(some)];
  const latest = { by: "startedAt", descending: true } as const;

  const all = given.ledger.rows({ ids: asked }, latest, { page: 1, size: 100 });
  const failed = given.ledger.rows({ ids: asked, failed: true }, latest, { page: 1, size: 100 });
  const none = given.ledger.rows({ ids: [] }, latest, { page: 1, size: 100 });

  expect([ids(all.items), all.total]).toEqual([ids(sorted(some, "startedAt", true)), some.length]);
  expect(failed.total).toBe(some.filter(isFailed).length);
  expect(none).toEqual({ items: [], total: 0 });
  const scanned = given.ledger.scan(
    { ids: asked },
    ids(sorted(some, "startedAt", false))[4] ?? "",
    5,
  );
  expect(ids(scanned)).toEqual(ids(sorted(some, "startedAt", false).slice(5, 10)));
});

test("what retention removed is in no page and in no total, and an export goes on behind it", () => {
  using given = start();
  const cut = someDay + 2.5 * dayMs;
  const first = given.ledger.scan({}, null, 10).at(-1)?.id ?? "";

  while (given.ledger.retainSome({ maxAgeMs: 0, maxBytes: null }, cut));

  const kept = rows.filter(({ startedAt }) => startedAt >= cut);
  expect(kept.length).toBeLessThan(9_000);
  for (const [filter, isMeant] of filters) {
    const meant = sorted(kept.filter(isMeant), "startedAt", true);
    const order = { by: "startedAt", descending: true } as const;
    const found = given.ledger.rows(filter, order, { page: 1, size: 40 });
    expect([filter, ids(found.items)]).toEqual([filter, ids(meant.slice(0, 40))]);
    if (found.isCapped !== true) expect([filter, found.total]).toEqual([filter, meant.length]);
  }
  expect(ids(given.ledger.scan({}, first, 5))).toEqual(
    ids(sorted(kept, "startedAt", false).slice(0, 5)),
  );
});
