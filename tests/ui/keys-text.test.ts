import { describe, expect, test } from "bun:test";
import { callable } from "../../src/ui/pages/keys/callable.ts";
import { placeFaults } from "../../src/ui/fault-places.ts";
import { budgetText, limitWords, takenUsd } from "../../src/ui/payers/limits-text.ts";
import { expiryOf, statesOf } from "../../src/ui/pages/keys/key-state.ts";
import { keyTitle, typable } from "../../src/ui/titles.ts";
import { keyListQuery, readKeyQuery, writeKeyQuery } from "../../src/ui/pages/keys/key-query.ts";
import { key } from "./keys-samples.ts";

const now = Date.parse("2026-11-21T12:00:00Z");
const inDays = (days: number) => new Date(now + days * 86_400_000).toISOString();

test("limits are told in words", () => {
  expect(limitWords(key)).toEqual([]);
  expect(limitWords({ rpm_limit: 1, tpm_limit: 10_000, max_parallel_requests: 4 })).toEqual([
    "1 request/min",
    "10,000 tokens/min",
    "4 at once",
  ]);
});

describe("a budget", () => {
  test("that there is none of has no words", () => {
    expect(budgetText(key, now)).toBeNull();
  });

  test("tells what is spent, on hold, and when it begins anew", () => {
    const given = { ...key, spend: 1.2, held: 0.1, max_budget: 5 };

    expect(budgetText(given, now)).toBe("$1.20 of $5.00 in all, $0.10 more on hold");
    expect(
      budgetText({ ...given, held: 0, budget_duration: "30d", budget_reset_at: inDays(9.5) }, now),
    ).toBe("$1.20 of $5.00 in 30d, resets in 9 d");
  });

  test("of nothing is a budget", () => {
    expect(budgetText({ ...key, max_budget: 0 }, now)).toBe("$0.00 of $0.00 in all");
  });

  test("is taken up to the nano-dollar", () => {
    expect(takenUsd({ spend: 0.1, held: 0.2 })).toBe(0.3);
  });
});

test.each([
  [null, { text: "never", isSoon: false, isOver: false }],
  [inDays(2), { text: "in 2 d", isSoon: true, isOver: false }],
  [inDays(3), { text: "in 3 d", isSoon: false, isOver: false }],
  [inDays(-1), { text: "1 d ago", isSoon: true, isOver: true }],
])("a key that ends %p", (at, expected) => {
  expect(expiryOf(at, now)).toEqual(expected);
});

test("the state names each reason for which a key is not let in", () => {
  const textsOf = (changes: Partial<typeof key>, isTeamBlocked = false) =>
    statesOf({ ...key, ...changes }, now, isTeamBlocked).map(({ text }) => text);

  expect(textsOf({})).toEqual(["active"]);
  expect(textsOf({ user_role: "proxy_admin" })).toEqual(["active", "admin"]);
  expect(textsOf({ blocked: true, expires: inDays(-1) }, true)).toEqual([
    "blocked",
    "expired",
    "team blocked",
  ]);
  expect(textsOf({ soft_budget: 1, spend: 1 })).toEqual(["active", "spend high"]);
  expect(textsOf({ soft_budget: 1, spend: 0.99 })).toEqual(["active"]);
});

test.each([
  ["web-app", "web-app"],
  ["Nightly jobs", "Nightly jobs"],
  [null, "sk-...abcd"],
  ["two  blanks", "sk-...abcd"],
  [" a", "sk-...abcd"],
  ["\u202etxt", "sk-...abcd"],
  ["a\nb", "sk-...abcd"],
  ["x".repeat(61), "sk-...abcd"],
])("the key with the alias %p is revoked by typing %p", (alias, word) => {
  expect(typable(alias, key.key_name)).toBe(word);
  expect(keyTitle({ ...key, key_alias: alias })).toBe(alias ?? "sk-...abcd");
});

describe("what the gateway found wrong", () => {
  const fields = ["key_alias", "team_id", "rpm_limit", "budget_duration"];

  test("stands at its field", () => {
    const sentences = [
      "rpm_limit: a whole number of at least 1 is meant.",
      "The key sk-...abcd (0123) has this alias.",
      "There is no team with this team_id.",
      "budget_duration is missing.",
    ];

    expect(placeFaults(sentences, fields)).toEqual({
      faults: {
        rpm_limit: "A whole number of at least 1 is meant.",
        key_alias: "The key sk-...abcd (0123) has this alias.",
        team_id: "There is no team with this team_id.",
        budget_duration: "This is needed.",
      },
      others: [],
    });
  });

  test("goes on at the same field where a sentence was cut in two", () => {
    const sentences = ["team_id: 1 to 100 of the characters A-Z, a-z, 0-9, _ .", "@ - is meant."];

    expect(placeFaults(sentences, fields)).toEqual({
      faults: { team_id: "1 to 100 of the characters A-Z, a-z, 0-9, _ . @ - is meant." },
      others: [],
    });
  });

  test("stands above the form where the form has no such field", () => {
    const sentences = ["guardrails: there are no guardrails yet.", "More of it.", "2 more."];

    expect(placeFaults(sentences, fields)).toEqual({ faults: {}, others: sentences });
  });
});

describe("the address of a list", () => {
  test("says nothing of what stands for itself", () => {
    const query = readKeyQuery(new URLSearchParams());

    expect(writeKeyQuery(query).toString()).toBe("");
    expect(keyListQuery(query)).toEqual({
      return_full_object: true,
      page: 1,
      size: 50,
      sort_by: "created_at",
      sort_order: "desc",
    });
  });

  test("comes back as it was written", () => {
    const text = "alias=a+b&team=web&user=ada&sort=expires&order=asc&page=3";

    const query = readKeyQuery(new URLSearchParams(text));

    expect(writeKeyQuery(query).toString()).toBe(text);
    expect(keyListQuery(query)).toMatchObject({
      key_alias: "a b",
      substring_matching: true,
      team_id: "web",
      user_id: "ada",
      sort_by: "expires",
      sort_order: "asc",
      page: 3,
    });
  });

  test.each(["page=0", "page=x", "page=1.5", "sort=spend"])("leaves %s out", (text) => {
    const query = readKeyQuery(new URLSearchParams(text));

    expect([query.page, query.sortBy]).toEqual([1, "created_at"]);
  });
});

test.each([
  [[], [], true],
  [["/sample"], [], true],
  [["/sam"], [], false],
  [[], ["llm_api_routes"], true],
  [["/sample/*"], ["/*"], true],
  [["/sample"], ["/other"], false],
])("routes %p and paths %p let a key call /sample: %p", (routes, paths, expected) => {
  const given = { ...key, allowed_passthrough_routes: routes, allowed_routes: paths };

  expect(callable("/sample", given)).toBe(expected);
});
