import { afterAll, expect, test } from "bun:test";
import { mkdirSync } from "node:fs";
import type { CallRow } from "../../src/core/types.ts";
import { csvRows } from "../../src/http/csv.ts";
import { ledgerMigrations } from "../../src/storage/sqlite/ledger-schema.ts";
import { ledgerOn } from "../../src/storage/sqlite/ledger-store.ts";
import { openDatabase } from "../../src/storage/sqlite/open.ts";
import { startGateway } from "../helpers/gateway.ts";
import { rawRequest } from "../helpers/raw-client.ts";
import { testBook } from "../keys/book.ts";
import { residentBytes, temporaryFolder } from "../process/program.ts";
import { callRow, manyRows, someDay } from "../storage/ledger-samples.ts";

const master = "sk-master-key-of-this-test";
const yaml = `general_settings:
  master_key: ${master}
  pass_through_endpoints:
    - { path: /echo, target: "tollgate://sample", include_subpath: true, auth: true, cost_per_request: 0.000000001 }
`;

/** Some days in the year before. */
const past = (row: CallRow): CallRow => ({ ...row, startedAt: row.startedAt - 365 * 86_400_000 });

const odd: readonly CallRow[] = [
  callRow({ startedAt: someDay - 5, model: "=1+1\r\nnext", status: 201, provider: "openai" }),
  callRow({ startedAt: someDay - 4, model: "two\u2028lines", status: 503, durationMs: 70_000.5 }),
  callRow({ startedAt: someDay - 3, model: "slow", durationMs: 9_000, provider: "cohere" }),
];
const rows: readonly CallRow[] = [...odd, ...manyRows(5_000)].map(past);

/** A gateway whose ledger has rows from before its start. */
async function startWithRows() {
  const folder = temporaryFolder();
  mkdirSync(folder.file("data"), { mode: 0o700 });
  const ledger = ledgerOn(openDatabase(folder.file("data/ledger.db"), ledgerMigrations));
  const entries = rows.map((row) => ({ kind: "row", row, modelScopes: [] }) as const);
  ledger.fold("before", 0, 1, entries);
  ledger.close();
  const gateway = await startGateway(yaml, { dir: folder.path });
  return {
    gateway,
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}

const given = await startWithRows();
const { gateway } = given;

afterAll(() => given[Symbol.asyncDispose]());

const headers = { authorization: `Bearer ${master}` };
const get = (path: string) => fetch(gateway.url + path, { headers });

interface Listed {
  readonly request_id: string;
}

async function listed(query: string): Promise<{ data: Listed[]; total: number }> {
  const reply = await get(`/spend/logs/v2?page_size=100&${query}`);
  expect([query, reply.status]).toEqual([query, 200]);
  return JSON.parse(await reply.text());
}

async function exported(query: string): Promise<Listed[]> {
  const reply = await get(`/spend/logs/export?${query}`);
  expect([query, reply.status]).toEqual([query, 200]);
  const lines = (await reply.text()).split("\n");
  expect(lines.pop()).toBe("");
  return lines.map((line) => JSON.parse(line));
}

const ids = (calls: readonly Listed[]) => calls.map(({ request_id }) => request_id);
const old = "end_date=2025-12-31";

test.each([
  ["http_status=503", (row: CallRow) => row.status === 503],
  ["http_status=201,503", (row: CallRow) => row.status === 201 || row.status === 503],
  ["http_status=2xx,429", (row: CallRow) => row.status < 300 || row.status === 429],
  ["http_status=4XX&error_code=429", (row: CallRow) => row.status === 429],
  ["provider=openai", (row: CallRow) => row.provider === "openai"],
  ["provider=none", () => false],
  ["min_duration_ms=5000", (row: CallRow) => row.durationMs >= 5_000],
  [
    "min_duration_ms=4990.5&max_duration_ms=9000",
    (row: CallRow) => row.durationMs >= 4_990.5 && row.durationMs <= 9_000,
  ],
  ["model=slow&max_duration_ms=8999", () => false],
  [
    "tag=b&route=chat&status_filter=failure",
    (row: CallRow) =>
      row.tags.includes("b") && row.route === "chat" && (row.error !== null || row.status >= 400),
  ],
])("pages and exports take %s alike", async (query, isWanted) => {
  const wanted = rows.filter(isWanted).map(({ id }) => id);

  const { data, total } = await listed(`${query}&${old}&sort_order=asc`);
  const all = await exported(`${query}&${old}`);

  expect(ids(all)).toEqual(wanted);
  expect(ids(data)).toEqual(wanted.slice(0, 100));
  expect(total).toBeLessThanOrEqual(wanted.length);
});

test("an export of thousands of calls is what the pages hold, in the order of their start", async () => {
  const all = await exported(old);
  const paged: Listed[] = [];
  for (let page = 1; paged.length < rows.length; page += 1) {
    const { data } = await listed(`${old}&sort_order=asc&page=${page}`);
    expect(data.length).toBeGreaterThan(0);
    paged.push(...data);
  }

  expect(ids(all)).toEqual(rows.map(({ id }) => id));
  expect(all).toEqual(paged);
});

test("as CSV the same calls, with a head, and no cell a formula", async () => {
  using empty = testBook();

  const reply = await get(`/spend/logs/export?format=csv&${old}`);
  const text = await reply.text();

  expect(reply.headers.get("content-type")).toContain("text/csv");
  expect(reply.headers.get("content-disposition")).toMatch(
    /^attachment; filename="calls-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\.csv"$/,
  );
  const head = text.slice(0, text.indexOf("\r\n"));
  expect(head).toMatch(/^request_id,startTime,endTime,/);
  expect(text.slice(head.length + 2)).toBe(csvRows(rows, empty.book));
  expect(text).toContain(`"'=1+1\r\nnext"`);
});

test("one call is one line, whatever its model is called and whoever reads it", async () => {
  const reply = await get(`/spend/logs/export?limit=3`);
  const text = await reply.text();

  expect(reply.headers.get("content-disposition")).toContain(".jsonl");
  expect(text.split(/[\r\n\u0085\u2028\u2029]/)).toHaveLength(4);
  expect(
    text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).model),
  ).toEqual(odd.map(({ model }) => model));
});

test.each([0, 1, 999, 1_000, 1_001, 2_500])("no more than %d calls", async (limit) => {
  const reply = await get(`/spend/logs/export?${old}&limit=${limit}`);

  if (limit === 0) expect(reply.status).toBe(400);
  else expect((await reply.text()).split("\n")).toHaveLength(limit + 1);
});

test("an export while calls come in has each call once, and an end", async () => {
  let goesOn = true;
  let made = 0;
  const calling = async () => {
    for (; goesOn; made += 1) {
      const reply = await fetch(`${gateway.url}/echo`, { method: "POST", headers, body: "{}" });
      await reply.text();
    }
  };
  const callers = [calling(), calling()];
  await Bun.sleep(100);

  const first = await exported("");
  const second = await exported("");
  goesOn = false;
  await Promise.all(callers);
  const third = await exported("");

  for (const all of [first, second, third]) {
    expect(new Set(ids(all)).size).toBe(all.length);
    expect(ids(all).slice(0, rows.length)).toEqual(rows.map(({ id }) => id));
  }
  expect(first.length).toBeGreaterThan(rows.length);
  expect(second.length).toBeGreaterThan(first.length);
  expect(third).toHaveLength(rows.length + made);
});

test("clients that leave in the middle leave nothing behind", async () => {
  const head = `GET /spend/logs/export HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${master}\r\n\r\n`;
  await exported("");
  const before = await residentBytes(gateway.pid);

  for (let count = 0; count < 20; count += 1) {
    const reply = await rawRequest(gateway.port, head, { after: "reset", timeoutMs: 20 });
    expect(reply.complete).toBe(false);
  }

  expect((await exported(old)).length).toBe(rows.length);
  expect((await residentBytes(gateway.pid)) - before).toBeLessThan(64 * 1024 * 1024);
  expect(gateway.lines().filter(({ level }) => level === "error")).toEqual([]);
});

test.each([
  ["/spend/logs/v2?http_status=teapot", ["http_status:"]],
  ["/spend/logs/v2?http_status=5xx,", ["http_status:"]],
  [
    "/spend/logs/v2?min_duration_ms=-1&max_duration_ms=1e3",
    ["min_duration_ms:", "max_duration_ms:"],
  ],
  ["/spend/logs/export?format=xml&limit=-1", ["format:", "limit:"]],
  ["/spend/logs/export?page=2&sort_by=spend", ["page:", "sort_by:"]],
  ["/spend/logs/export?start_date=2026-11-21&end_date=2026-11-20", ["end_date:"]],
])("%s is refused, and the field is named", async (path, names) => {
  const reply = await get(path);
  const text = await reply.text();

  expect(reply.status).toBe(400);
  for (const name of names) expect(text).toContain(name);
});

test("who is no admin gets neither the file nor the command", async () => {
  const made = await fetch(`${gateway.url}/key/generate`, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body: "{}",
  });
  const { key }: { key: string } = JSON.parse(await made.text());
  const id = rows[0]?.id ?? "";

  for (const path of ["/spend/logs/export", `/spend/logs/ui/${id}`, `/spend/logs/ui/${id}/curl`]) {
    const none = await fetch(gateway.url + path);
    const virtual = await fetch(gateway.url + path, {
      headers: { authorization: `Bearer ${key}` },
    });
    expect([path, none.status, virtual.status]).toEqual([path, 401, 403]);
    expect((await none.text()) + (await virtual.text())).not.toContain("request_id");
  }
});

test("a call without bodies is shown as it is, and has no command", async () => {
  const [row] = odd;
  const shown = await get(`/spend/logs/ui/${row?.id}`);
  const command = await get(`/spend/logs/ui/${row?.id}/curl`);

  expect(JSON.parse(await shown.text())).toMatchObject({
    request_id: row?.id,
    messages: {},
    response: {},
  });
  expect([command.status, (await get("/spend/logs/ui/none/curl")).status]).toEqual([404, 404]);
});
