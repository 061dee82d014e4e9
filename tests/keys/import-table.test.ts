import { describe, expect, test } from "bun:test";
import { newKey, sha256Of } from "../../src/core/key.ts";
import type { KeyTable } from "../../src/core/key-table.ts";
import { parseKeyTable } from "../../src/keys/import-table.ts";
import { inForce, testBook } from "./book.ts";

const token = "ab".repeat(32);
const other = "cd".repeat(32);

function csv(...rows: readonly Readonly<Record<string, string>>[]): string {
  const header = Object.keys(rows[0] ?? {});
  const quoted = (text: string) =>
    /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  const lines = rows.map((row) => header.map((name) => quoted(row[name] ?? "")).join(","));
  return `${[header.join(","), ...lines].join("\r\n")}\r\n`;
}

/** The same row, as each export has it. */
const asCsv = {
  token,
  key_name: "sk-...abcd",
  key_alias: 'the "chat" key, new',
  soft_budget_cooldown: "f",
  spend: "1.25",
  expires: "2026-05-01 10:00:00.123",
  models: '{gpt-4o,"claude 3, new","a\\"b"}',
  aliases: "{}",
  config: "{}",
  user_id: "ada",
  team_id: "team-1",
  permissions: "{}",
  max_parallel_requests: "3",
  metadata:
    '{"tags": ["a"], "model_rpm_limit": {"gpt-4o": 2}, "model_tpm_limit": {"gpt-4o": 9}, "allowed_passthrough_routes": ["/v1/rerank"], "note": "line\\nbreak"}',
  blocked: "t",
  tpm_limit: "1000",
  rpm_limit: "60",
  max_budget: "10",
  budget_duration: "30d",
  budget_reset_at: "2026-06-01 00:00:00",
  allowed_routes: "{/v1/*,llm_api_routes}",
  model_spend: "{}",
  model_max_budget: '{"gpt-4o": {"budget_limit": "5.5", "time_period": "1d"}, "b": 2}',
  created_at: "2024-05-01 10:00:00",
};

const asJson = {
  ...asCsv,
  soft_budget_cooldown: false,
  spend: 1.25,
  expires: "2026-05-01T12:00:00.123+02:00",
  models: ["gpt-4o", "claude 3, new", 'a"b'],
  aliases: {},
  config: {},
  permissions: null,
  max_parallel_requests: 3,
  metadata: JSON.parse(asCsv.metadata),
  blocked: true,
  tpm_limit: 1000,
  max_budget: 10.0,
  allowed_routes: ["/v1/*", "llm_api_routes"],
  model_max_budget: { "gpt-4o": { max_budget: 5.5, budget_duration: "1d" }, b: 2 },
  created_at: "2024-05-01T10:00:00Z",
};

const expected = {
  imported: {
    sha256: token,
    name: "sk-...abcd",
    createdAt: Date.UTC(2024, 4, 1, 10),
    changes: {
      alias: 'the "chat" key, new',
      teamId: "team-1",
      userId: "ada",
      expiresAt: Date.UTC(2026, 4, 1, 10, 0, 0, 123),
      blocked: true,
      limits: {
        rpm: 60,
        tpm: 1_000,
        parallel: 3,
        budget: { maxNanoUsd: 10e9, period: { kind: "fixed", ms: 30 * 86_400_000 } },
      },
      budgetDuration: "30d",
      softBudgetNanoUsd: null,
      modelLimits: {
        rpm: { "gpt-4o": 2 },
        tpm: { "gpt-4o": 9 },
        budgets: {
          "gpt-4o": { maxNanoUsd: 5.5e9, period: { kind: "fixed", ms: 86_400_000 } },
          b: { maxNanoUsd: 2e9, period: null },
        },
      },
      models: ["gpt-4o", "claude 3, new", 'a"b'],
      allowedRoutes: ["/v1/*", "llm_api_routes"],
      allowedPassThroughRoutes: ["/v1/rerank"],
      tags: ["a"],
      metadata: '{"note":"line\\nbreak"}',
    },
  },
  spentNanoUsd: 1.25e9,
};

describe("the same key", () => {
  test("out of a CSV file", () => {
    const { rows, faults, unused } = tableOf(`\uFEFF${csv(asCsv)}`);

    expect(faults).toEqual([]);
    expect(rows).toMatchObject([{ line: 2, ...expected }]);
    expect(unused.size).toBe(0);
  });

  test("out of a file of JSON lines", () => {
    const { rows, faults } = tableOf(`\n${JSON.stringify(asJson)}\n`);

    expect(faults).toEqual([]);
    expect(rows).toMatchObject([{ line: 2, ...expected }]);
  });

  test("with its token alone has no limits and no name", () => {
    const { rows } = tableOf(`token\n${token.toUpperCase()}\n`);

    const [row] = rows;
    expect(row?.spentNanoUsd).toBe(0);
    expect(row?.imported).toMatchObject({ sha256: token, name: "sk-..." });
    expect(row?.imported.changes).toMatchObject({
      alias: null,
      blocked: false,
      modelLimits: null,
      models: [],
      metadata: "{}",
    });
  });
});

describe("faults", () => {
  test.each<readonly [string, string, string]>([
    ["token", "sk-plain", "is not the SHA-256 of a key in hex"],
    ["token", "", "is empty"],
    ["spend", "-1", "is not an amount of dollars from 0 to 9 million"],
    ["spend", "NaN", "is not an amount of dollars from 0 to 9 million"],
    ["expires", "tomorrow", "is not a time such as 2026-05-01T10:00:00Z"],
    ["expires", "2026-13-01 00:00:00", "is not a time such as 2026-05-01T10:00:00Z"],
    ["models", "gpt-4o", "is not JSON"],
    ["models", "{a,b", "is not a list"],
    ["models", "[1]", "is not a list of text"],
    ["metadata", "[]", "is not a JSON object"],
    ["blocked", "maybe", "is neither true nor false"],
    ["rpm_limit", "1.5", "is not a whole number from 0 on"],
    ["tpm_limit", "-1", "is not a whole number from 0 on"],
    ["max_budget", "1e300", "is not an amount of dollars from 0 to 9 million"],
    ["budget_duration", "30", "is not a duration such as 30d"],
    ["allowed_routes", "{v1}", "is not a list of paths"],
    ["model_max_budget", '{"m": "x"}', "is not an amount of dollars from 0 to 9 million"],
    ["key_alias", "a\u0000b", "has more than 500 characters, or control characters"],
  ])("%s %p", (column, value, problem) => {
    const { rows, faults } = tableOf(csv({ key_alias: "", token, [column]: value }));

    expect(faults).toEqual([{ line: 2, column, problem }]);
    expect(rows).toEqual([]);
  });

  test("all are told at once, with the lines they begin on, and the other rows are read", () => {
    const text = csv(
      { token, metadata: '{"a":\n1}', spend: "x" },
      { token: other, metadata: "", spend: "1" },
      { token: other, metadata: "", spend: "1" },
      { token: "", metadata: "", spend: "y" },
    );

    const { rows, faults } = tableOf(text);

    expect(rows.map(({ line }) => line)).toEqual([4]);
    expect(faults.map(({ line, column }) => [line, column])).toEqual([
      [2, "spend"],
      [5, "token"],
      [6, "token"],
      [6, "spend"],
    ]);
    expect(faults[1]?.problem).toBe("is the same as on line 4");
  });

  test("never hold a value", () => {
    const { faults } = tableOf(csv({ token: "sk-canary", spend: "canary" }));

    expect(JSON.stringify(faults)).not.toContain("canary");
  });

  test.each<readonly [string, string, string | null, number]>([
    ["", "the file is empty", null, 1],
    ["a,b\n1,2\n", "is not there", "token", 1],
    [`token,spend\n${token}\n`, "has 1 values, the header 2", null, 2],
    [`token\n"${token}`, "a quoted value does not end", null, 2],
    [`token\n"${token}"x`, "text follows a closing quote", null, 2],
    [`{"token":"${token}"}\n{"token"`, "is not a JSON object", null, 2],
    [`{"token":"${token}"}\n[1]`, "is not a JSON object", null, 2],
  ])("of the file %p", (text, problem, column, line) => {
    expect(tableOf(text).faults).toEqual([{ line, column, problem }]);
  });

  test("two keys with one alias", () => {
    const text = csv({ token, key_alias: "a" }, { token: other, key_alias: "a" });

    expect(tableOf(text).faults).toEqual([
      { line: 3, column: "key_alias", problem: "is the same as on line 2" },
    ]);
  });
});

test("more of a key's name than its last four characters is not taken over", () => {
  const { rows } = tableOf(csv({ token, key_name: "sk-1234567890abcdef" }));

  expect(rows[0]?.imported.name).toBe("sk-...");
});

test("a list with `all-proxy-models` or `all-team-models` is every model", () => {
  const { rows } = tableOf(csv({ token, models: '["all-team-models","a"]' }));

  expect(rows[0]?.imported.changes.models).toEqual([]);
});

test("log-ins of LiteLLM's page are left out; columns that mean nothing here are counted", () => {
  const text = csv(
    { token, team_id: "litellm-dashboard", budget_id: "", permissions: "{}" },
    { token: other, team_id: "", budget_id: "b-1", permissions: '{"a":true}' },
  );

  const { rows, sessions, unused } = tableOf(text);

  expect([rows.length, sessions]).toEqual([1, 1]);
  expect([...unused]).toEqual([
    ["budget_id", 1],
    ["permissions", 1],
  ]);
});

test("a model called __proto__ is a model", () => {
  const { rows } = tableOf(
    `{"token":"${token}","model_max_budget":{"__proto__":1},"metadata":{"__proto__":{"x":1}}}`,
  );

  const changes = rows[0]?.imported.changes;
  expect(Object.keys(changes?.modelLimits?.budgets ?? {})).toEqual(["__proto__"]);
  expect(changes?.metadata).toBe('{"__proto__":{"x":1}}');
  expect({}).not.toHaveProperty("x");
});

test("keys of a table are found by their clear text", () => {
  using opened = testBook();
  const keys = Array.from({ length: 50 }, newKey);
  const table = csv(
    ...keys.map((key, at) => ({ token: sha256Of(key), key_alias: `key ${at}`, team_id: "t" })),
  );

  const { rows } = tableOf(table);
  opened.book.importAll(
    rows.map(({ imported }) => imported),
    "master key",
  );

  keys.forEach((key, at) => {
    expect(inForce(opened.book, key)).toMatchObject({ alias: `key ${at}`, teamId: "t" });
  });
});

test("of many faults a hundred are kept, and the others counted", () => {
  const { faults, moreFaults } = tableOf("{\n".repeat(1_234));

  expect([faults.length, moreFaults]).toEqual([100, 1_134]);
});

test("many empty lines, and many without sense, do not hold up what else goes on", () => {
  const steps = parseKeyTable("token\n" + "\n".repeat(1_000));

  expect([...steps].length).toBe(1_001);
});

test.each([
  ["a line of JSON", `{"token":"${"x".repeat(1_100_000)}"}`, "has more than 1048576 characters"],
  ["a value of CSV", `token\n${"x".repeat(1_100_000)}`, "has more than 1048576 characters"],
  ["a quoted value", `token\n"${"x".repeat(1_100_000)}"`, "has more than 1048576 characters"],
  ["a row of CSV", `token\n${",".repeat(1_100_000)}`, "has more than 1048576 characters"],
  [
    "deep JSON",
    `{"token":"${token}","metadata":${"[".repeat(20_000)}${"]".repeat(20_000)}}`,
    "is nested more than 100 deep",
  ],
])("%s that takes long to read is a fault", (_, text, problem) => {
  const [fault] = tableOf(text).faults;

  expect(fault?.problem).toBe(problem);
});

test.each([
  ["team_id", "a:model:gpt"],
  ["team_id", "x".repeat(101)],
  ["team_id", "with blank"],
  ["key_alias", "x".repeat(501)],
  ["user_id", "x".repeat(501)],
  ["models", JSON.stringify(["x".repeat(501)])],
  ["metadata", `{"a":${"[".repeat(101)}${"]".repeat(101)}}`],
  ["max_budget", "1e-10"],
  ["expires", "2026-02-31T10:00:00Z"],
  ["blocked", { toString: 1 }],
  ["created_at", { toString: 1 }],
])("%s has the bounds that it has everywhere: %p", (column, value) => {
  const { faults } = tableOf(JSON.stringify({ token, [column]: value }));

  expect(faults.map(({ line, column }) => [line, column])).toEqual([[1, column]]);
});

test("spend that is rounded to nothing is nothing, and an odd name is no name", () => {
  const { rows } = tableOf(JSON.stringify({ token, spend: 1e-10, key_name: { toString: 1 } }));

  expect(rows.map(({ spentNanoUsd, imported }) => [spentNanoUsd, imported.name])).toEqual([
    [0, "sk-..."],
  ]);
});

/** The table, read at one go. */
function tableOf(text: string): KeyTable {
  const steps = parseKeyTable(text);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
