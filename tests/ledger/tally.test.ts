import { describe, expect, test } from "bun:test";
import { parseDuration } from "../../src/core/duration.ts";
import type { Budget } from "../../src/core/limits.ts";
import { Tally, TallyBook } from "../../src/ledger/tally.ts";

const hour = 3_600_000;
const day = 24 * hour;
const noon = Date.parse("2026-03-28T12:00:00Z"); // summer time begins in Europe in the night that follows
const midnight = Date.parse("2026-03-29T00:00:00Z");

const daily: Budget = { maxNanoUsd: 100, period: parseDuration("1d") };

function spentToday(): Tally {
  const tally = new Tally("key:a", { spentNanoUsd: 0, periodStart: 0 });
  tally.enterPeriod(daily, noon);
  tally.spentNanoUsd = 70;
  tally.heldNanoUsd = 20;
  return tally;
}

describe("a period", () => {
  test("begins once, at midnight UTC, and what is on hold is carried over", () => {
    const tally = spentToday();

    expect(tally.enterPeriod(daily, midnight - 1)).toBe(false);
    expect(tally.enterPeriod(daily, midnight)).toBe(true);
    expect([tally.spentNanoUsd, tally.heldNanoUsd]).toEqual([0, 20]);
    tally.spentNanoUsd = 5;
    for (let at = midnight; at < midnight + day; at += 7 * 60_000) {
      expect(tally.enterPeriod(daily, at)).toBe(false);
    }
    expect(tally.spentNanoUsd).toBe(5);
    expect(tally.enterPeriod(daily, midnight + day)).toBe(true);
  });

  test("does not begin again when the clock goes back an hour over midnight", () => {
    const tally = spentToday();
    tally.enterPeriod(daily, midnight + 60_000);
    tally.spentNanoUsd = 30;

    expect(tally.enterPeriod(daily, midnight + 60_000 - hour)).toBe(false);
    expect(tally.enterPeriod(daily, midnight + 2 * 60_000)).toBe(false);
    expect(tally.spentNanoUsd).toBe(30);
  });

  test("that began because the clock was a day ahead does not begin again when that day comes", () => {
    const tally = spentToday();

    expect(tally.enterPeriod(daily, noon + day)).toBe(true);
    tally.spentNanoUsd = 40;
    expect(tally.enterPeriod(daily, noon)).toBe(false);
    expect(tally.enterPeriod(daily, midnight)).toBe(false);
    expect(tally.spentNanoUsd).toBe(40);
    expect(tally.enterPeriod(daily, midnight + day)).toBe(true);
  });

  test("the first one counts what was spent before it was set", () => {
    const tally = new Tally("key:a", { spentNanoUsd: 60, periodStart: 0 });

    expect(tally.enterPeriod(daily, noon)).toBe(true);
    expect(tally.spentNanoUsd).toBe(60);
    expect(tally.fits(daily, 41)).toBe(false);
    expect(tally.enterPeriod(daily, midnight)).toBe(true);
    expect(tally.spentNanoUsd).toBe(0);
  });

  test("is none where the budget has none", () => {
    const tally = spentToday();

    expect(tally.enterPeriod({ maxNanoUsd: 100, period: null }, noon + 400 * day)).toBe(false);
    expect(tally.spentNanoUsd).toBe(70);
  });
});

test("a budget counts what is spent and what is on hold, to the nano-dollar", () => {
  const tally = spentToday();

  expect(tally.fits(daily, 10)).toBe(true);
  expect(tally.fits(daily, 11)).toBe(false);
});

describe("a book", () => {
  test("asks the store once for each scope, and gives the same tally ever after", () => {
    const asked: string[] = [];
    const stored = new Map([["key:a", { spentNanoUsd: 9, periodStart: 5 }]]);
    const book = new TallyBook((scope) => {
      asked.push(scope);
      return stored.get(scope) ?? null;
    });

    const tally = book.of("key:a");

    expect([tally.spentNanoUsd, tally.periodStart]).toEqual([9, 5]);
    expect(book.of("key:b").spentNanoUsd).toBe(0);
    expect(book.of("key:a")).toBe(tally);
    book.of("key:b");
    expect(asked).toEqual(["key:a", "key:b"]);
  });

  test("as another one takes it over: spent, held, calls, rates, a tick ahead included", () => {
    const book = new TallyBook(() => null);
    const tally = book.of("key:a");
    Object.assign(tally, { spentNanoUsd: 7, heldNanoUsd: 3, periodStart: 11, calls: 2 });
    tally.requestWindow(100).take(100, 4);
    tally.requestWindow(100).take(101, 1);
    tally.tokenWindow(100).take(90, 500);

    const next = new TallyBook(() => null);
    next.restore(JSON.parse(JSON.stringify(book.states())), 100);

    const taken = next.of("key:a");
    expect(taken).toMatchObject({ spentNanoUsd: 7, heldNanoUsd: 3, periodStart: 11, calls: 2 });
    expect(taken.requestWindow(100).used(100)).toBe(5);
    expect(taken.tokenWindow(100).used(100)).toBe(500);
  });
});

test("windows in which nothing was used for a minute are let go, and count anew from nothing", () => {
  const book = new TallyBook(() => null);
  const tally = book.of("key:k");
  tally.requestWindow(1_000).take(1_000, 3);
  tally.tokenWindow(1_100).take(1_100, 5);

  book.rest(1_125);

  expect(tally.requests).toBeNull();
  expect(tally.tokens?.used(1_125)).toBe(5);
  expect(tally.requestWindow(1_125).used(1_125)).toBe(0);
});
