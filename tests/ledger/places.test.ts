import { describe, expect, test } from "bun:test";
import { parseDuration } from "../../src/core/duration.ts";
import type { Limits } from "../../src/core/limits.ts";
import { everybody } from "../../src/core/journal.ts";
import { Places } from "../../src/ledger/admission.ts";
import { tickNow } from "../../src/ledger/rate-window.ts";
import { route } from "../core/route.ts";
import { anyKey, hall, nextTick, nothing, refusalOf, reserve, usedOf } from "./hall.ts";
import { between, budget, key, limits, seeded, team } from "./parts.ts";

const scopes = ["key:k", "team:t", "route:/search", everybody];
const wide = limits({ rpm: 1e6, tpm: 1e6, parallel: 1e6, ...budget(1e6) });

/** Four levels with these limits, in the order of `scopes`. */
function enterUnder(...[ofKey = wide, ofTeam = wide, ofRoute = wide, ofAll = wide]: Limits[]) {
  const { book, enter } = hall(ofAll);
  const caller = {
    key: key("k", { limits: ofKey, teamId: "t" }),
    team: team("t", { limits: ofTeam }),
    route: route({ path: "/search", limits: ofRoute }),
  };
  return {
    enter: () => enter(caller, { tokens: 10 }, 10),
    all: () => scopes.map((scope) => usedOf(book.of(scope))),
  };
}

describe.each([0, 1, 2, 3])("all or nothing, refused at level %i", (level) => {
  test.each([
    ["requests a minute", { rpm: 3 }, "rate_limited"],
    ["tokens a minute", { tpm: 30 }, "rate_limited"],
    ["calls at once", { parallel: 3 }, "parallel_limited"],
    ["money on hold", budget(30), "budget_exceeded"],
  ] as const)("%s", (_, narrow, code) => {
    const own = scopes.map((_, at) => (at === level ? { ...wide, ...narrow } : wide));
    const { enter, all } = enterUnder(...own);
    for (let call = 0; call < 3; call++) enter();

    expect(refusalOf(enter).code).toBe(code);

    const three = { spent: 0, held: 30, calls: 3, requests: 3, tokens: 30 };
    expect(all()).toEqual([three, three, three, three]);
  });
});

test("a refusal says whose limit it is, and the first level in order tells", () => {
  const both = {
    key: key("k", { alias: "ci", limits: limits({ rpm: 1 }), teamId: "t" }),
    team: team("t", { limits: limits({ rpm: 1 }) }),
  };
  const { enter } = hall();
  enter(both).settle(0, null);

  const error = refusalOf(() => enter(both));

  expect(error.message).toContain("the key ci");
  expect(error.message).not.toContain("team");
  expect(Number(error.headers["retry-after"])).toBeWithin(60, 62);
  expect(error.headers["x-ratelimit-remaining-requests"]).toBe("0");
});

test("giving back and settling count once, whichever comes first and however often", () => {
  const random = seeded(3);
  const { enter, all } = enterUnder();
  let settled = 0;
  for (let call = 0; call < 500; call++) {
    const places = enter();
    const ends = [() => places.giveBack(), () => places.settle(7, null)];
    const first = between(random, 0, 1);
    settled += first;
    ends[first]?.();
    for (let again = 0; again < 4; again++) ends[between(random, 0, 1)]?.();
  }

  const left = { spent: settled * 7, held: 0, calls: 0, requests: settled, tokens: settled * 10 };
  expect(settled).toBeWithin(100, 400);
  expect(all()).toEqual([left, left, left, left]);
});

test("a call that is given back leaves no trace", () => {
  const { enter, all } = enterUnder();

  enter().giveBack();

  expect(all()).toEqual([nothing, nothing, nothing, nothing]);
});

test("a call that was never reserved and settles costs nothing but its place in the minute", () => {
  const { book, levels } = hall();

  new Places(levels({ key: key("k", { limits: wide }) })).settle(0, null);

  expect(usedOf(book.of("key:k"))).toEqual({ ...nothing, requests: 1 });
});

test("calls at once are back to 0 after 10,000 random outcomes", () => {
  const random = seeded(5);
  const own = { key: key("k", { limits: { ...limits({ parallel: 50 }), ...budget(1e9) } }) };
  const { book, enter, levels } = hall();
  const under: Places[] = [];
  let refusals = 0;
  for (let call = 0; call < 10_000; call++) {
    try {
      if (random() < 0.2) under.push(new Places(levels(own)));
      else under.push(enter(own, {}, between(random, 0, 20)));
    } catch {
      refusals += 1;
    }
    expect(book.of("key:k").calls).toBeLessThanOrEqual(50);
    if (random() < 0.45) {
      const [places] = under.splice(between(random, 0, under.length - 1), 1);
      if (random() < 0.5) places?.giveBack();
      else places?.settle(between(random, 0, 30), null);
    }
  }
  for (const places of under) places.settle(1, null);

  expect(refusals).toBeGreaterThan(100);
  for (const scope of ["key:k", "route:/search", everybody]) {
    expect(book.of(scope)).toMatchObject({ calls: 0, heldNanoUsd: 0 });
  }
});

describe("no overrun", () => {
  test("a budget of 10 calls, 500 at once: exactly 10", () => {
    const own = { key: key("k", { limits: limits(budget(1_000_000_000)) }) };
    const { book, enter } = hall();
    const admitted: Places[] = [];
    const codes: string[] = [];
    for (let call = 0; call < 500; call++) {
      try {
        admitted.push(enter(own, {}, 100_000_000));
      } catch (error) {
        codes.push(error instanceof Error && "code" in error ? String(error.code) : "");
      }
    }
    for (const places of admitted) places.settle(100_000_000, null);

    expect(admitted.length).toBe(10);
    expect(codes).toEqual(Array.from({ length: 490 }, () => "budget_exceeded"));
    expect(usedOf(book.of("key:k"))).toEqual({ ...nothing, spent: 1_000_000_000 });
  });

  test("three keys of $5 in a team of $1: the team stops at 10 in all", () => {
    const { book, enter } = hall();
    const shared = team("t", { limits: limits(budget(1_000)) });
    const keys = ["a", "b", "c"].map((id) =>
      key(id, { teamId: "t", limits: limits(budget(5_000)) }),
    );
    let count = 0;
    let last = "";
    for (let call = 0; call < 300; call++) {
      const own = keys[call % 3] ?? anyKey;
      try {
        enter({ key: own, team: shared }, {}, 100).settle(100, null);
        count += 1;
      } catch (error) {
        last = String(error);
      }
    }

    expect(count).toBe(10);
    expect(last).toContain("the team t");
    expect(book.of("team:t").spentNanoUsd).toBe(1_000);
    const ofKeys = keys.map(({ id }) => book.of(`key:${id}`));
    expect(ofKeys.reduce((sum, { spentNanoUsd }) => sum + spentNanoUsd, 0)).toBe(1_000);
    expect(ofKeys.map(({ heldNanoUsd }) => heldNanoUsd)).toEqual([0, 0, 0]);
  });

  test.each([1, 2, 3, 4, 5])(
    "costs of 1 to 9 that nobody knows ahead, 200 at once (%i)",
    (seed) => {
      const random = seeded(seed);
      const max = 500;
      const own = { key: key("k", { limits: limits(budget(max)) }) };
      const { book, enter } = hall();
      const under: Places[] = [];
      for (let call = 0; call < 5_000; call++) {
        try {
          if (under.length < 200) under.push(enter(own, {}, null));
        } catch {
          // What is on hold has to come back first.
        }
        if (under.length > 0 && random() < 0.7) {
          under
            .splice(between(random, 0, under.length - 1), 1)[0]
            ?.settle(between(random, 1, 9), null);
        }
        const { spentNanoUsd, heldNanoUsd } = book.of("key:k");
        expect(spentNanoUsd + heldNanoUsd).toBeLessThanOrEqual(max);
      }
      for (const places of under) places.settle(between(random, 1, 9), null);

      expect(book.of("key:k").spentNanoUsd).toBeWithin(max - 9, max + 1);
      expect(book.of("key:k").heldNanoUsd).toBe(0);
    },
  );
});

test("a cost above the hold is booked, and the next call sees it", () => {
  const own = { key: key("k", { limits: limits(budget(20)) }) };
  const { book, enter } = hall();

  enter(own, {}, null).settle(25, null);

  expect(book.of("key:k").spentNanoUsd).toBe(25);
  expect(refusalOf(() => enter(own, {}, 0)).code).toBe("budget_exceeded");
});

test("a period that begins while calls are under way is told once, and their holds stay", () => {
  const { levels } = hall();
  const daily = { maxNanoUsd: 20, period: parseDuration("1d") };
  const own = { key: key("k", { limits: limits({ budget: daily }) }) };
  const need = {
    callId: "c",
    startedAt: 0,
    method: "GET",
    models: [],
    model: null,
    tokens: 0,
    costNanoUsd: null,
  };
  const began: string[] = [];
  for (let call = 0; call < 2; call++) {
    const places = new Places(levels(own));
    places.reserve(need, 9, ({ scope }) => began.push(scope));
  }

  expect(began).toEqual(["key:k"]);
  expect(refusalOf(() => reserve(new Places(levels(own)), {}, 9)).message).toContain("T00:00:00");
});

describe("a slow upload", () => {
  test("counts in the minute in which it is sent, once", async () => {
    const { book, levels } = hall();
    const own = { key: key("k", { limits: limits({ rpm: 2 }) }) };
    const places = new Places(levels(own));
    const [[from = 0] = []] = book.of("key:k").requestWindow(tickNow()).counts();
    await nextTick();

    reserve(places, {}, null);

    const counts = book.of("key:k").requestWindow(tickNow()).counts();
    expect(counts.map(([, count]) => count)).toEqual([1]);
    expect(counts[0]?.[0]).toBeGreaterThan(from);
    places.giveBack();
    expect(usedOf(book.of("key:k"))).toEqual(nothing);
  });

  test("that finds the minute taken is refused, and leaves no place behind", async () => {
    const { book, levels } = hall();
    const two = limits({ rpm: 2, tpm: 10, parallel: 5 });
    const own = {
      key: key("k", { limits: limits({ rpm: 9 }) }),
      route: route({ path: "/search", limits: two }),
    };
    const places = new Places(levels(own));
    const ofKey = book.of("key:k").requestWindow(tickNow());
    for (const [from] of ofKey.counts()) ofKey.correct(from, 3); // others came in the same tick
    await nextTick();
    const tick = tickNow();
    book.of("route:/search").requestWindow(tick).take(tick, 2); // as if the upload had outlasted its minute

    expect(refusalOf(() => reserve(places, {}, null)).code).toBe("rate_limited");
    places.giveBack();
    places.settle(5, null);

    expect(usedOf(book.of("key:k"))).toEqual({ ...nothing, requests: 3 });
    expect(usedOf(book.of("route:/search"))).toEqual({ ...nothing, requests: 2 });
  });
});
