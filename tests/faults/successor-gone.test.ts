import { expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { noLimits } from "../../src/core/limits.ts";
import { type AskSocket, Handover } from "../../src/handover.ts";
import { createLog } from "../../src/logging/log.ts";
import { openLedger } from "../../src/open-ledger.ts";
import { temporaryFolder, until } from "../process/program.ts";
import { holds, needOf, outcomeOf, priced, principalOf, recordOf } from "../ledger/open-ledger.ts";
import { budget, callRow, key, limits, openEntry, rowEntry } from "../ledger/parts.ts";
import { writeSegment } from "../ledger/segments.ts";

setDefaultTimeout(30_000);

const successor = "4000000-1";
const caller = principalOf(key("k", { limits: { ...limits(budget(100)), rpm: 4, parallel: 3 } }));
const route = priced(30);

/** A gateway's ledger that is being taken over; `answer` is what the successor says, while it lives. */
function takenOver(dataDirectory: string, answer: AskSocket) {
  const rules = { everybody: noLimits, retention: { maxAgeMs: null, maxBytes: null } };
  const opened = openLedger({
    dataDirectory,
    log: createLog(2, { level: "error", pretty: false }),
    rules: () => ({ ...rules, ...holds, openWhenUnavailable: false }),
    syncEveryTurn: false,
    keepRows: true,
    handover: null,
  });
  const { ledger } = opened;
  let isAlive = true;
  const handover = new Handover({
    ledger,
    ask: (...question) => (isAlive ? answer(...question) : Promise.reject(new Error("gone"))),
    lives: () => isAlive,
    lost: opened.absorb,
  });
  const standing = () => {
    const { spentNanoUsd, heldNanoUsd } = ledger.standing("key:k", null);
    return { spentNanoUsd, heldNanoUsd };
  };
  const call = async (id: string) => {
    const seat = ledger.admit(caller, route);
    return { seat, outcome: await outcomeOf(seat, needOf(id)) };
  };
  const die = () => {
    isAlive = false;
  };
  return { ...opened, handover, standing, call, die };
}

const grants: AskSocket = (_, path) =>
  Promise.resolve(
    path === "/handover/reserve"
      ? { granted: { holdNanoUsd: 30, hasBudget: true, modelScopes: [] } }
      : {},
  );

test("what a successor let through is counted in the old one too, when that has to go on", async () => {
  using folder = temporaryFolder();
  const old = takenOver(folder.path, grants);
  const first = await old.call("first");
  old.handover.begin(successor);
  old.handover.ready("/nowhere");

  const second = await old.call("second");
  const third = await old.call("third");
  const meanwhile = old.standing();
  old.ledger.finished(recordOf("second", { principal: caller, costNanoUsd: 30 }), second.seat);
  old.die();
  const tooDear = await old.call("fourth");
  old.ledger.finished(recordOf("first", { principal: caller, costNanoUsd: 30 }), first.seat);
  old.ledger.finished(recordOf("third", { principal: caller, costNanoUsd: 30 }), third.seat);
  const after = old.standing();
  await old.close();

  expect(meanwhile).toEqual({ spentNanoUsd: 0, heldNanoUsd: 90 });
  expect(tooDear.outcome).toBe("budget_exceeded");
  expect(after).toEqual({ spentNanoUsd: 90, heldNanoUsd: 0 });
});

test("what a successor did by itself is counted, and what it had on hold is booked", async () => {
  using folder = temporaryFolder();
  const old = takenOver(folder.path, grants);
  await old.call("first");
  old.handover.begin(successor);
  mkdirSync(join(folder.path, "journal"), { recursive: true });
  const row = (id: string) => callRow(id, { keyId: "k", route: route.id, costNanoUsd: 20 });
  const entries = [openEntry(row("ended")), rowEntry(row("ended")), openEntry(row("lost"))];
  writeSegment(join(folder.path, "journal"), 9, entries, successor);
  old.handover.ready("/nowhere");

  old.die();
  await until(() => old.standing().spentNanoUsd > 0);
  const standing = old.standing();
  const { items } = await old.spend.rows(
    {},
    { by: "startedAt", descending: false },
    { page: 1, size: 10 },
  );
  await old.close();

  expect(standing).toEqual({ spentNanoUsd: 40, heldNanoUsd: 30 });
  expect(items.map(({ id }) => id).toSorted()).toEqual(["ended", "lost"]);
});

test("calls that wait for a successor that dies are decided by the old one", async () => {
  using folder = temporaryFolder();
  const old = takenOver(folder.path, () => new Promise(() => {}));
  old.handover.begin(successor);

  const waiting = [old.call("a"), old.call("b"), old.call("c")];
  await Bun.sleep(20);
  old.die();
  const outcomes = (await Promise.all(waiting)).map(({ outcome }) => outcome);
  const again = old.handover.begin("4000001-1");
  await old.close();

  expect(outcomes).toEqual(["sent", "sent", "sent"]);
  expect(again?.calls.map(({ id }) => id)).toEqual(["a", "b", "c"]);
  expect(again?.tallies.find(({ scope }) => scope === "key:k")).toMatchObject({
    heldNanoUsd: 90,
    calls: 3,
  });
});
