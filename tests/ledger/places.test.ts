import { describe, expect, test } from "bun:test";
import { parseDuration } from "../../src/core/duration.ts";
import { everybody } from "../../src/core/journal.ts";
import { Places } from "../../src/ledger/admission.ts";
import { tickNow } from "../../src/ledger/rate-window.ts";
import { route } from "../core/route.ts";
import { anyKey, hall, nextTick, nothing, refusalOf, reserve, usedOf } from "./hall.ts";
import { between, budget, key, limits, seeded, team } from "./parts.ts";

const scopes = ["key:k", "team:t", "route:/search", everybody];
const tight = { ...limits({ rpm: 3, tpm: 30, parallel: 3 }), ...budget(30) };

/** Where the narrowest limits stand. */
const narrow = scopes.map((scope, i) => ({ scope, at: (j: number) => (i === j ? tight : wide) }));
const wide = { ...limits({ rpm: 100, tpm: 1_000, parallel: 100 }), ...budget(1_000) };

function caller(at: (level: number) => typeof tight) {
  return {
    key: key("k", { limits: at(0), teamId: "t" }),
    team: team("t", { limits: at(1) }),
    route: route({ path: "/search", limits: at(2) }),
  };
}

describe.each(narrow)("all or nothing: the limits of $scope", ({ scope, at }) => {
  const refused = [
    ["requests a minute", "rate_limited", 0, (places: Places) => places.settle(0)],
    ["tokens a minute", "rate_limited", 10, (places: Places) => places.settle(0)],
    ["calls at once", "parallel_limited", 0, () => {}],
    ["money", "budget_exceeded", 0, (places: Places) => places.settle(10)],
  ] as const;

  test.each(refused)("%s", (what, code, tokens, end) => {
    const { book, enter } = hall(at(3));
    const cost = what === "money" ? 10 : 0;
    const only = caller((level) => ({
      ...at(level),
      ...(what === "requests a minute" ? {} : { rpm: null }),
      ...(what === "calls at once" ? {} : { parallel: null }),
    }));
    for (let call = 0; call < 3; call++) end(enter(only, { tokens }, cost));
    const before = scopes.map((name) => usedOf(book.of(name)));

    const error = refusalOf(() => enter(only, { tokens: tokens === 0 ? 0 : 1 }, cost));

    expect(scopes.map((name) => usedOf(book.of(name)))).toEqual(before);
    if (scope !== everybody) expect(String(error.code)).toBe(code);
  });
});

test("a refusal says whose limit it is, and the first level in order tells", () => {
  const both = {
    key: key("k", { alias: "ci", limits: limits({ rpm: 1 }), teamId: "t" }),
    team: team("t", { limits: limits({ rpm: 1 }) }),
  };
  const { enter } = hall();
  enter(both).settle(0);

  const error = refusalOf(() => enter(both));

  expect(error.message).toContain("the key ci");
  expect(error.message).not.toContain("team");
  expect(Number(error.headers["retry-after"])).toBeWithin(60, 62);
  expect(error.headers["x-ratelimit-remaining-requests"]).toBe("0");
});

test("giving back and settling count once, whichever comes first and however often", () => {
  const random = seeded(3);
  const { book, enter } = hall(wide);
  let spent = 0;
  for (let call = 0; call < 300; call++) {
    const places = enter(
      caller(() => wide),
      { tokens: 3 },
      2,
    );
    const ends = [() => places.giveBack(), () => places.settle(5)];
    const first = random() < 0.5 ? 0 : 1;
    if (first === 1) spent += 5;
    ends[first]?.();
    for (let again = 0; again < 4; again++) ends[between(random, 0, 1)]?.();
    if (call % 60 === 59) for (const scope of scopes) book.of(scope).requests = null;
    if (call % 60 === 59) for (const scope of scopes) book.of(scope).tokens = null;
    if (call % 60 === 59) for (const scope of scopes) book.of(scope).spentNanoUsd = 0;
  }
  expect(spent).toBeGreaterThan(0);
  for (const scope of scopes) expect(book.of(scope)).toMatchObject({ calls: 0, heldNanoUsd: 0 });
});

test("a call that is given back leaves no trace", () => {
  const { book, enter } = hall(wide);

  enter(
    caller(() => wide),
    { tokens: 7 },
    2,
  ).giveBack();
  new Places(hall().levels({})).giveBack();

  for (const scope of scopes) expect(usedOf(book.of(scope))).toEqual(nothing);
});

test("a call that was never reserved and settles costs nothing but its place in the minute", () => {
  const { book, levels } = hall(wide);

  new Places(levels(caller(() => wide))).settle(0);

  for (const scope of scopes) expect(usedOf(book.of(scope))).toEqual({ ...nothing, requests: 1 });
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
      else places?.settle(between(random, 0, 30));
    }
  }
  for (const places of under) places.settle(1);

  expect(refusals).toBeGreaterThan(100);
  for (const scope of ["key:k", "route:/search", everybody]) {
    expect(book.of(scope)).toMatchObject({ calls: 0, heldNanoUsd: 0 });
  }
});

describe("no overrun", () => {
  test("a budget of 10 calls, 500 at once: exactly 10", () => {
    const own = { key: key("k", { limits: limits(budget(1_000_000_000)) }) };
    const { book, enter } = hall();
    const let_in: Places[] = [];
    const codes: string[] = [];
    for (let call = 0; call < 500; call++) {
      try {
        let_in.push(enter(own, {}, 100_000_000));
      } catch (error) {
        codes.push(error instanceof Error && "code" in error ? String(error.code) : "");
      }
    }
    for (const places of let_in) places.settle(100_000_000);

    expect(let_in.length).toBe(10);
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
        enter({ key: own, team: shared }, {}, 100).settle(100);
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
          under.splice(between(random, 0, under.length - 1), 1)[0]?.settle(between(random, 1, 9));
        }
        const { spentNanoUsd, heldNanoUsd } = book.of("key:k");
        expect(spentNanoUsd + heldNanoUsd).toBeLessThanOrEqual(max);
      }
      for (const places of under) places.settle(between(random, 1, 9));

      expect(book.of("key:k").spentNanoUsd).toBeWithin(max - 9, max + 1);
      expect(book.of("key:k").heldNanoUsd).toBe(0);
    },
  );
});

test("a cost above the hold is booked, and the next call sees it", () => {
  const own = { key: key("k", { limits: limits(budget(20)) }) };
  const { book, enter } = hall();

  enter(own, {}, null).settle(25);

  expect(book.of("key:k").spentNanoUsd).toBe(25);
  expect(refusalOf(() => enter(own, {}, 0)).code).toBe("budget_exceeded");
});

test("a period that begins while calls are under way is told once, and their holds stay", () => {
  const { levels } = hall();
  const daily = { maxNanoUsd: 20, period: parseDuration("1d") };
  const own = { key: key("k", { limits: limits({ budget: daily }) }) };
  const need = { callId: "c", startedAt: 0, method: "GET", models: [], tokens: 0 };
  const began: string[] = [];
  for (let call = 0; call < 2; call++) {
    const places = new Places(levels(own));
    places.reserve(need, 9, { defaultNanoUsd: 1 }, ({ scope }) => began.push(scope));
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
    await nextTick();
    const tick = tickNow();
    book.of("route:/search").requestWindow(tick).take(tick, 2); // as if the upload had outlasted its minute

    expect(refusalOf(() => reserve(places, {}, null)).code).toBe("rate_limited");
    places.giveBack();
    places.settle(5);

    expect(usedOf(book.of("key:k"))).toEqual(nothing);
    expect(usedOf(book.of("route:/search"))).toEqual({ ...nothing, requests: 2 });
  });
});
