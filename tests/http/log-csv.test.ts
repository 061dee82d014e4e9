import { expect, test } from "bun:test";
import { csvHead, csvRows } from "../../src/http/csv.ts";
import { readCsv } from "../../src/keys/csv.ts";
import { testBook } from "../keys/book.ts";
import { callRow } from "../storage/ledger-samples.ts";

const names = csvHead.trimEnd().split(",");

/** A line's cells by the names of their columns, as a reader of RFC 4180 sees them. */
function cellsOf(text: string): Record<string, string>[] {
  return [...readCsv(text)].map(({ cells }) => {
    expect(cells).toHaveLength(names.length);
    return Object.fromEntries(names.map((name, index) => [name, cells[index] ?? ""]));
  });
}

test("a call is a line of cells, times in ISO 8601 and money exact", () => {
  using given = testBook();
  const { record } = given.book.create({ alias: "ann's key" }, null, "test");
  const row = callRow({
    keyId: record.id,
    costNanoUsd: 9_000_000_000_000_001,
    usage: { input: 12, output: 3, cached: 4 },
    model: "gpt-4o",
    provider: "openai",
    tags: ["a", "b"],
    isStream: true,
  });

  const [cells] = cellsOf(csvRows([row], given.book));

  expect(cells).toMatchObject({
    request_id: row.id,
    startTime: "2026-11-20T00:00:00.000Z",
    endTime: "2026-11-20T00:00:00.034Z",
    request_duration_ms: "34",
    status: "success",
    http_status: "200",
    error: "",
    key_alias: "ann's key",
    prompt_tokens: "12",
    completion_tokens: "3",
    usage: '{"input":12,"output":3,"cached":4}',
    spend: "9000000.000000001",
    custom_llm_provider: "openai",
    request_tags: '["a","b"]',
    stream: "true",
  });
});

test("money is written without an exponent, and what is not known not at all", () => {
  using given = testBook();
  const costs = [0, 1, 20, 1_500_000, 1_000_000_000, 123_456_789_012, null];
  const rows = costs.map((costNanoUsd) => callRow({ costNanoUsd, unpriced: null }));

  const cells = cellsOf(csvRows(rows, given.book));

  expect(cells.map(({ spend }) => spend)).toEqual([
    "0",
    "0.000000001",
    "0.00000002",
    "0.0015",
    "1",
    "123.456789012",
    "",
  ]);
});

test("no text is a formula, and the text stays what it was behind an apostrophe", () => {
  using given = testBook();
  const signs = ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d"];
  const texts = signs.map((sign) => `${sign}cmd|' /C calc'!A0`);
  const rows = texts.flatMap((text) => [
    callRow({ model: text, endUser: text, userId: text, userAgent: text, metadata: null }),
  ]);

  const text = csvRows(rows, given.book);

  expect(text).not.toMatch(/(?:^|,)"?[=+\-@\t\r\n\uff1d]cmd/m);
  for (const [index, cells] of cellsOf(text).entries()) {
    expect([cells["model"], cells["end_user"], cells["user"], cells["user_agent"]]).toEqual(
      Array(4).fill(`'${texts[index]}`),
    );
  }
});

test("a line end, comma or quote in a model's name stays in its cell", () => {
  using given = testBook();
  const models = ["a\nb", "a\r\nb", 'a"b', "a,b", "a\u2028b", ' "', "a;=1"];

  const text = csvRows(
    models.map((model) => callRow({ model })),
    given.book,
  );

  expect(cellsOf(text).map(({ model }) => model)).toEqual(models);
  expect(text.match(/\r\n/g)).toHaveLength(models.length + 1);
  expect(text.endsWith("\r\n")).toBe(true);
});
