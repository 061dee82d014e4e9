import { expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { config, masterKey } from "../gateway/wire.ts";
import { type Gateway, startGateway } from "../helpers/gateway.ts";
import { type RawUpstream, reply, type Script, startRawUpstream } from "../helpers/raw-upstream.ts";
import { until } from "../process/program.ts";
import { callOnce, type Outcome, startCallers } from "./callers.ts";
import { folded, isLong, json, moneyOf, newKey } from "./governed.ts";
import { byName, faultsOf, type LedgerRow, rowsOf } from "./ledger-files.ts";
import { canMount, smallDisk } from "./small-disk.ts";

setDefaultTimeout(30_000);

const kills = isLong ? 60 : 8;

/** What each reply says that it used, at the prices of the configuration. */
const pricedNano = 1_000 * 1_000 + 500 * 10_000;

const usage = '"usage":{"prompt_tokens":1000,"completion_tokens":500}';
const json200 = ["Content-Type: application/json"];
const chunk = 'data: {"model":"tests-own","choices":[{"index":0,"delta":{"content":"word "}}]}\n\n';
const lastChunks = `data: {"model":"tests-own","choices":[],${usage}}\n\ndata: [DONE]\n\n`;
const eventHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";

/** At once, after a while, or as events over a while, by the call's name. */
const answer: Script = ({ target }) => {
  const incompressible = crypto.getRandomValues(new Uint8Array(6_000)).toBase64();
  const message = `{"model":"tests-own","choices":[{"message":{"content":"${incompressible}"}}],${usage}}`;
  if (/n=stream/.test(target)) {
    const flow = Array.from({ length: 6 }, () => [{ write: chunk }, { wait: 25 }]).flat();
    return [{ write: eventHead }, ...flow, { write: lastChunks }, { end: "close" }];
  }
  return [{ wait: /n=slow/.test(target) ? 150 : 0 }, reply(200, json200, message)];
};

const kinds = ["plain", "slow", "stream"];
const nameOf = (who: string, count: number) => `${kinds[count % kinds.length]}-${who}-${count}`;

/** Chat calls that are priced by what their replies tell, with their bodies kept. */
const priced = (upstreamUrl: string) =>
  `${config(
    [
      `path: /chat, provider: openai, target: "${upstreamUrl}/v1/chat/completions", auth: true, log: bodies`,
    ],
    `master_key: ${masterKey}`,
  )}
model_list:
  - model_name: tests-own
    model_info: { input_cost_per_token: 1e-6, output_cost_per_token: 1e-5 }
`;

const call = (url: string, name: string, key: string | null) =>
  callOnce(url, { name, path: "/chat", key, alone: true });

/** How often the upstream was asked for each call. */
function askedOf({ requests }: RawUpstream): Map<string, number> {
  const asked = new Map<string, number>();
  for (const { target } of requests) {
    const [, name = ""] = /[?&]n=([^&]*)/.exec(target) ?? [];
    asked.set(name, (asked.get(name) ?? 0) + 1);
  }
  return asked;
}

const sum = (rows: readonly LedgerRow[]) =>
  rows.reduce((total, { costNano }) => total + (costNano ?? 0), 0);

const isWhole = ({ status, text }: Outcome) => status === 200 && text.includes('"usage"');

/** Replies that came whole, and are not in the ledger once and for what they used. */
function wrongOf(outcomes: readonly Outcome[], rows: Map<string, LedgerRow[]>): unknown[] {
  return outcomes.filter(isWhole).flatMap(({ name }) => {
    const own = rows.get(name) ?? [];
    const [row] = own;
    const isRight = own.length === 1 && row?.costNano === pricedNano && !row.estimated;
    return isRight ? [] : [[name, own]];
  });
}

async function reported(gateway: Gateway): Promise<{ spend: number; calls: number }> {
  const day = (offset: number) =>
    new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
  const days: unknown = await json(
    gateway,
    `/global/spend/report?start_date=${day(-1)}&end_date=${day(1)}`,
  );
  const teams = (Array.isArray(days) ? days : []).flatMap((one) => one.teams);
  return {
    spend: teams.reduce((total, team) => total + Number(team.total_spend), 0),
    calls: teams.reduce((total, team) => total + Number(team.calls), 0),
  };
}

test(
  `killed ${kills} times under load: what is priced by usage is booked once, and all sums are those of the rows`,
  async () => {
    using upstream = await startRawUpstream({ fallback: answer });
    const yaml = priced(upstream.url);
    await using home = await startGateway(yaml);
    const keys = [await newKey(home, { max_budget: 1_000 }), await newKey(home)] as const;
    const dataDirectory = join(home.dir, "data");
    let current: Gateway = home;
    await using stack = new AsyncDisposableStack();
    const callers = startCallers(
      () => current.url,
      isLong ? 200 : 100,
      (count) => ({
        name: nameOf("load", count),
        path: "/chat",
        key: keys[Math.floor(count / kinds.length) % keys.length] ?? null,
        alone: true,
      }),
    );
    const damaged: string[] = [];
    const answered: Outcome[] = [];
    for (let round = 0; round < kills; round++) {
      await Bun.sleep(200 + Math.random() * 250);
      if (round % 2 === 0) await folded(current); // then a part of the journal is in the store
      const key = keys[round % keys.length] ?? null;
      answered.push(await call(current.url, nameOf("answered", round), key));
      current.signal("SIGKILL"); // whoever has the reply has it in the ledger
      await current.exited;
      damaged.push(...faultsOf(dataDirectory));
      current = stack.use(await startGateway(yaml, { dir: home.dir }));
    }
    await Bun.sleep(300);
    const outcomes = [...answered, ...(await callers.stop())];
    await folded(current);
    const [budgeted, unlimited] = await Promise.all(keys.map((key) => moneyOf(current, key)));
    const report = await reported(current);
    current.signal("SIGTERM");
    expect(await current.exited).toBe(0);

    const rows = rowsOf(dataDirectory);
    const named = byName(rows);
    expect(damaged).toEqual([]);
    expect(faultsOf(dataDirectory)).toEqual([]);
    expect(answered.filter((one) => !isWhole(one))).toEqual([]);
    expect(outcomes.filter(isWhole).length).toBeGreaterThan(kills * 15);
    expect(rows.filter(({ estimated }) => estimated).length).toBeGreaterThan(kills / 2);
    expect(wrongOf(outcomes, named)).toEqual([]);
    const asked = [...askedOf(upstream)];
    expect(asked.filter(([name, times]) => times !== 1 || named.get(name)?.length !== 1)).toEqual(
      [],
    );
    expect([...named].filter(([, own]) => own.length > 1)).toEqual([]);
    expect([budgeted?.held, unlimited?.held]).toEqual([0, 0]);
    expect((budgeted?.spend ?? 0) + (unlimited?.spend ?? 0)).toBeCloseTo(sum(rows) / 1e9, 9);
    expect(report.spend).toBeCloseTo(sum(rows) / 1e9, 9);
    expect(report.calls).toBe(rows.length);
  },
  isLong ? 300_000 : 60_000,
);

const backlog = async (gateway: Gateway, what: string) =>
  Number(Reflect.get(await json(gateway, "/health/backlog"), what));

/** What is shown of the bodies of a call. */
async function bodyOf(gateway: Gateway, name: string): Promise<string> {
  const page = await json(gateway, `/spend/logs/v2?end_user=${name}`);
  const rows: unknown = Reflect.get(page, "data");
  const id = Array.isArray(rows) ? rows[0]?.request_id : null;
  const reply = await fetch(`${gateway.url}/spend/logs/ui/${id}`, {
    headers: { authorization: `Bearer ${masterKey}` },
  });
  return reply.status === 200 ? reply.text() : "";
}

test.skipIf(!canMount)(
  "a full disk: calls whose bodies are logged go on, what was not kept is counted, and no money is lost",
  async () => {
    using disk = smallDisk("6m");
    using upstream = await startRawUpstream({ fallback: answer });
    const args = ["--data-dir", join(disk.path, "data")];
    await using gateway = await startGateway(priced(upstream.url), { args });
    const key = await newKey(gateway);
    const before = await call(gateway.url, "plain-before", key);
    await until(async () => (await bodyOf(gateway, "plain-before")).includes("tests-own"));

    disk.fill();
    const load = startCallers(
      () => gateway.url,
      100,
      (count) => ({ name: nameOf("full", count), path: "/chat", key, alone: true }),
    );
    await gateway.waitForLine(({ event }) => event === "journal_failing");
    await until(async () => (await backlog(gateway, "dropped_logged_bodies")) > 0);
    const outcomes = await load.stop();
    disk.free();
    await gateway.waitForLine(({ event }) => event === "journal_recovered");
    const lost = await backlog(gateway, "dropped_logged_bodies");
    const after = await call(gateway.url, "plain-after", key);
    await until(async () => (await bodyOf(gateway, "plain-after")).includes("tests-own"));
    await folded(gateway);
    const lostRows = await backlog(gateway, "dropped_ledger_rows");
    const { spend } = await moneyOf(gateway, key);
    gateway.signal("SIGTERM");
    expect(await gateway.exited).toBe(0);

    const all = [before, ...outcomes, after];
    expect(all.filter((one) => !isWhole(one))).toEqual([]);
    expect(lost).toBeWithin(1, outcomes.length + 1);
    expect(lostRows).toBe(0);
    const rows = rowsOf(join(disk.path, "data"));
    expect(wrongOf(all, byName(rows))).toEqual([]);
    expect(rows.length).toBe(all.length);
    expect(spend).toBeCloseTo((all.length * pricedNano) / 1e9, 9);
    expect(faultsOf(join(disk.path, "data"))).toEqual([]);
  },
);
