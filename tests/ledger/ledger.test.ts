import { describe, expect, test } from "bun:test";
import { GatewayError } from "../../src/core/errors.ts";
import type { JournalEntry } from "../../src/core/journal.ts";
import { entriesOf } from "../../src/ledger/read-segment.ts";
import { recover } from "../../src/ledger/recover.ts";
import { listSegments } from "../../src/ledger/segments.ts";
import { TallyBook } from "../../src/ledger/tally.ts";
import { idsOf } from "./open-journal.ts";
import {
  needOf,
  notes,
  openLedger,
  outcomeOf,
  priced,
  principalOf,
  recordOf,
} from "./open-ledger.ts";
import { between, budget, key, limits, modelLimits, seeded, tempFolder } from "./parts.ts";
import { leaveOut, smallDisk } from "./small-disk.ts";

function entriesIn(folder: string): JournalEntry[] {
  return listSegments(folder).flatMap((segment) =>
    [...entriesOf(segment)].map(({ entry }) => entry),
  );
}

const plain = principalOf(key("k", { teamId: "t", userId: "u" }));
const budgeted = principalOf(key("b", { limits: limits(budget(100)) }));

describe("a call", () => {
  test("is in the journal, with its hold, before it may be sent; and its row closes it", async () => {
    using folder = tempFolder();
    using opened = openLedger(folder.path);
    const { ledger, book, seats } = opened;
    const seat = ledger.admit(budgeted, priced(30));

    await seat.reserve(needOf("a"), notes);
    const before = entriesIn(folder.path);
    const held = ledger.standing("key:b", null);
    ledger.finished(recordOf("a", { principal: budgeted, costNanoUsd: 20 }), seat);
    const written = await ledger.written();

    expect(before).toMatchObject([
      {
        kind: "open",
        row: { id: "a", keyId: "b", costNanoUsd: 30, estimated: true, endUser: "eve", status: 0 },
      },
    ]);
    expect(held).toMatchObject({ spentNanoUsd: 0, heldNanoUsd: 30 });
    expect(written).toBe(true);
    expect(entriesIn(folder.path)[1]).toMatchObject({
      kind: "row",
      row: { id: "a", costNanoUsd: 20, estimated: false, tags: ["team-a"], bytesOut: 4 },
    });
    expect(book.of("key:b")).toMatchObject({ spentNanoUsd: 20, heldNanoUsd: 0, calls: 0 });
    expect(seats.size).toBe(0);
  });

  test("without limits has an open record too, anonymous ones and the master key's included", async () => {
    using folder = tempFolder();
    using opened = openLedger(folder.path);
    for (const principal of [{ kind: "anonymous" }, { kind: "master" }, plain] as const) {
      const seat = opened.ledger.admit(principal, priced(null));
      expect(await outcomeOf(seat, needOf(principal.kind))).toBe("sent");
    }

    const rows = entriesIn(folder.path).flatMap((entry) =>
      entry.kind === "open" ? entry.row : [],
    );
    expect(rows.map(({ id, keyId, costNanoUsd }) => [id, keyId, costNanoUsd])).toEqual([
      ["anonymous", null, null],
      ["master", "master", null],
      ["key", "k", null],
    ]);
  });

  test("that a limit refuses has its row, costs nothing, and gives its place back", async () => {
    using folder = tempFolder();
    using opened = openLedger(folder.path);
    const { ledger, book } = opened;
    const error = new GatewayError("budget_exceeded");
    const seat = ledger.admit(budgeted, priced(101));

    const outcome = await outcomeOf(seat, needOf("a"));
    ledger.finished(recordOf("a", { principal: budgeted, status: 429, error }), seat);
    await ledger.written();

    expect(outcome).toBe("budget_exceeded");
    expect(entriesIn(folder.path)).toMatchObject([
      { kind: "row", row: { id: "a", error: "budget_exceeded", status: 429, costNanoUsd: 0 } },
    ]);
    expect(book.of("key:b")).toMatchObject({ spentNanoUsd: 0, heldNanoUsd: 0, calls: 0 });
  });

  test("of a model with a budget is charged to the model, in memory and in its records", async () => {
    using folder = tempFolder();
    using opened = openLedger(folder.path);
    const { ledger, book } = opened;
    const budgets = { m: { maxNanoUsd: 50, period: null } };
    const own = principalOf(key("k", { modelLimits: modelLimits({ budgets }) }));
    const seat = ledger.admit(own, priced(5));

    await seat.reserve(needOf("a", { models: ["m"] }), notes);
    ledger.finished(recordOf("a", { principal: own, costNanoUsd: 5 }), seat);
    await ledger.written();

    const scopes = entriesIn(folder.path).flatMap((entry) =>
      "modelScopes" in entry ? [entry.modelScopes] : [],
    );
    expect(scopes).toEqual([["key:k:model:m"], ["key:k:model:m"]]);
    expect(book.of("key:k:model:m").spentNanoUsd).toBe(5);
  });
});

test("whatever 2,000 calls do, the journal says what the counters say", async () => {
  using folder = tempFolder();
  const random = seeded(23);
  const opened = openLedger(folder.path);
  const { ledger, book, seats } = opened;
  const own = principalOf(key("b", { limits: { ...limits({ parallel: 40 }), ...budget(1_500) } }));
  const outcomes: string[] = [];
  const live = async (id: string) => {
    const route = priced(random() < 0.5 ? between(random, 0, 9) : null);
    let outcome = "parallel_limited";
    try {
      const seat = ledger.admit(own, route);
      if (random() < 0.5) await Bun.sleep(between(random, 0, 3));
      outcome = await outcomeOf(seat, needOf(id));
      if (random() < 0.5) await Bun.sleep(between(random, 0, 3));
      if (random() < 0.02) return; // still under way when the process ends
      const costNanoUsd = outcome === "sent" ? between(random, 0, 9) : 0;
      ledger.finished(recordOf(id, { principal: own, costNanoUsd }), seat);
    } catch {
      ledger.finished(recordOf(id, { principal: own, status: 429 }), null);
    } finally {
      outcomes.push(outcome);
    }
  };
  for (let batch = 0; batch < 40; batch++) {
    await Promise.all(Array.from({ length: 50 }, (_, i) => live(`${batch}-${i}`)));
  }
  await ledger.written();
  const open = [...seats].length;
  ledger.close();

  const next = new TallyBook(() => null);
  const lost = recover(listSegments(folder.path), () => 0, next);

  expect(new Set(outcomes)).toEqual(new Set(["sent", "parallel_limited", "budget_exceeded"]));
  expect(next.of("key:b").spentNanoUsd).toBe(book.of("key:b").spentNanoUsd);
  expect(lost.length).toBe(open - [...seats].filter(({ openText }) => openText === null).length);
  const held = lost.reduce((sum, { row }) => sum + (row.costNanoUsd ?? 0), 0);
  expect(held).toBe(book.of("key:b").heldNanoUsd);
  expect(book.of("key:b").calls).toBe(open);
});

describe("calls that were refused before it was known who calls", () => {
  test("are counted by minute, route and code, and written when the ledger closes", () => {
    using folder = tempFolder();
    const { ledger } = openLedger(folder.path);
    for (let i = 0; i < 3; i++) ledger.turnedAway("/search", "key_invalid");
    ledger.turnedAway(null, "route_not_found");
    const error = new GatewayError("key_invalid");
    ledger.finished(recordOf("x", { principal: null, error, status: 401 }), null);

    ledger.close();

    const counts = entriesIn(folder.path).flatMap((entry) =>
      entry.kind === "refused"
        ? [[entry.route, entry.code, entry.count, entry.minute % 60_000]]
        : [],
    );
    expect(counts).toEqual([
      ["/search", "key_invalid", 4, 0],
      ["", "route_not_found", 1, 0],
    ]);
  });
});

test("spend that came from elsewhere is counted at once, and kept", async () => {
  using folder = tempFolder();
  using opened = openLedger(folder.path);

  opened.ledger.adjust("key:k", 70);
  await opened.ledger.written();

  expect(opened.ledger.standing("key:k", null).spentNanoUsd).toBe(70);
  expect(entriesIn(folder.path)).toEqual([{ kind: "adjust", scope: "key:k", nanoUsd: 70 }]);
});

describe("a ledger that cannot be written", () => {
  test("because the journal is as long as it may become refuses who has a budget", async () => {
    using folder = tempFolder();
    using opened = openLedger(folder.path, { overlong: () => true });
    const { ledger, book } = opened;
    const [a, b] = [ledger.admit(budgeted, priced(1)), ledger.admit(plain, priced(1))];

    expect(await outcomeOf(a, needOf("a"))).toBe("ledger_unavailable");
    expect(await outcomeOf(b, needOf("b"))).toBe("sent");
    ledger.finished(recordOf("a", { principal: budgeted, status: 503 }), a);

    expect(book.of("key:b")).toMatchObject({ heldNanoUsd: 0, spentNanoUsd: 0, calls: 0 });
  });

  test.skipIf(leaveOut)(
    "because the disk is full: the same, until there is room (mounts a disk)",
    async () => {
      using disk = smallDisk(1024 * 1024);
      using opened = openLedger(disk.path);
      const { ledger, journal } = opened;
      const call = async (id: string, principal: typeof plain) => {
        const seat = ledger.admit(principal, priced(1));
        const outcome = await outcomeOf(seat, needOf(id));
        ledger.finished(recordOf(id, { principal, costNanoUsd: outcome === "sent" ? 1 : 0 }), seat);
        return outcome;
      };

      const before = await call("a", budgeted);
      await ledger.written();
      disk.fill(0);
      let fitting = 0;
      while (journal.failed === null) await call(`f${fitting++}`, plain); // into the rest of a page
      const during = [];
      for (let i = 0; i < 20; i++)
        during.push(await call(`p${i}`, plain), await call(`b${i}`, budgeted));
      disk.free();
      while (journal.failed !== null) await Bun.sleep(20);
      const after = await call("z", budgeted);
      await ledger.written();

      expect([before, after]).toEqual(["sent", "sent"]);
      expect(during.filter((_, i) => i % 2 === 0)).toEqual(
        Array.from({ length: 20 }, () => "sent"),
      );
      expect(new Set(during.filter((_, i) => i % 2 === 1))).toEqual(
        new Set(["ledger_unavailable"]),
      );
      expect(ledger.standing("key:b", null)).toMatchObject({ spentNanoUsd: 2, heldNanoUsd: 0 });
      const rows = idsOf(disk.path).filter((id) => !id.startsWith("open"));
      expect(rows.length).toBe(42 + fitting);
    },
  );

  test.skipIf(leaveOut)(
    "refuses nobody where that is what was asked for (mounts a disk)",
    async () => {
      using disk = smallDisk(1024 * 1024);
      using opened = openLedger(disk.path, { openWhenUnavailable: true });
      disk.fill(0);

      const seat = opened.ledger.admit(budgeted, priced(1));

      expect(await outcomeOf(seat, needOf("a"))).toBe("sent");
      disk.free();
    },
  );
});

test("a key that reaches its soft budget is told of once, and not refused", async () => {
  using folder = tempFolder();
  const told: [string, number][] = [];
  const softBudgetReached = ({ id }: { id: string }, spent: number) => void told.push([id, spent]);
  using opened = openLedger(folder.path, { softBudgetReached });
  const principal = principalOf(key("k", { softBudgetNanoUsd: 25 }));

  for (const id of ["a", "b", "c", "d"]) {
    const seat = opened.ledger.admit(principal, priced(10));
    await seat.reserve(needOf(id), notes);
    opened.ledger.finished(recordOf(id, { principal, costNanoUsd: 10 }), seat);
  }

  expect(told).toEqual([["k", 30]]);
});
