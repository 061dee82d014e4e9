import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Gateway, startGateway } from "../helpers/gateway.ts";
import { pageKey } from "./browser.ts";
import { asker } from "./full-gateway.ts";
import { startNumbersUpstream } from "./numbers-upstream.ts";

/** Routes of the file by their ids, in its order; `/flat` is the path of `flat`. */
export const servedRoutes = [
  "priced",
  "flat",
  "tiny",
  "large",
  "fraction",
  "unmetered",
  "down",
  "idle",
] as const;

/** With the one that is off. */
export const endpointsInFile = servedRoutes.length + 1;

const yaml = (upstream: string) => `general_settings:
  master_key: ${pageKey}
  alerting: []
  pass_through_endpoints:
    - { id: priced, path: /priced, target: "${upstream}", include_subpath: true, auth: true, log: bodies, provider: openai }
    - { id: flat, path: /flat, target: "${upstream}", include_subpath: true, auth: true, cost_per_request: 0.0042, max_budget: 0.05 }
    - { id: tiny, path: /tiny, target: "${upstream}", include_subpath: true, auth: true, cost_per_request: 0.0000002 }
    - { id: large, path: /large, target: "${upstream}", include_subpath: true, auth: true, cost_per_request: 1234.567891234 }
    - { id: fraction, path: /fraction, target: "${upstream}", include_subpath: true, auth: true, provider: openai, prices: { input: 0.0000000255, output: 0.0000000013 } }
    - { id: unmetered, path: /unmetered, target: "${upstream}/nothing", auth: true }
    - { id: down, path: /down, target: "http://127.0.0.1:1", auth: true, cost_per_request: 0.5 }
    - { id: idle, path: /idle, target: "${upstream}", auth: true }
    - { id: later, path: /later, target: "${upstream}", auth: true, enabled_if: NUMBERS_LATER }
`;

/** A gateway with a history of calls, started again after it: all that it shows, it has read. */
export interface NumbersHouse extends AsyncDisposable {
  readonly gateway: Gateway;
  readonly dataDir: string;
  /** Key ids by alias. */
  readonly keys: Readonly<Record<string, string>>;
  /** The secret of the key `idle`, with which nobody has called. */
  readonly idleKey: string;
  /** Ids of calls: two that are logged with bodies, with cached tokens and as a stream, and one of 200 nano-dollars. */
  readonly calls: { readonly cached: string; readonly stream: string; readonly tiny: string };
  /** Lets those calls go that wait at `/flat/wait`. */
  release(): void;
}

export async function startNumbersHouse(): Promise<NumbersHouse> {
  await using parts = new AsyncDisposableStack();
  const upstream = parts.use(startNumbersUpstream());
  const dir = mkdtempSync(join(tmpdir(), "tollgate-numbers-"));
  parts.defer(() => rmSync(dir, { recursive: true, force: true }));
  const text = yaml(upstream.url);
  const first = parts.use(await startGateway(text, { dir }));
  const made = await makeHistory(first);
  await stopped(first);
  const gateway = parts.use(await startGateway(text, { dir }));
  const all = parts.move();
  return {
    gateway,
    dataDir: join(dir, "data"),
    ...made,
    release: upstream.release,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** Ends a gateway in peace: what it knows is in its files. */
async function stopped(gateway: Gateway): Promise<void> {
  gateway.signal("SIGTERM");
  await gateway.exited;
}

async function makeHistory(gateway: Gateway) {
  const ask = asker(gateway.url);
  await ask("/team/new", { team_id: "design", team_alias: "Design", max_budget: 0.06 });
  const gone = await ask("/config/pass_through_endpoint", {
    path: "/gone",
    target: "tollgate://sample",
    include_subpath: true,
    cost_per_request: 0.75,
  });
  const secrets: Record<string, string> = {};
  const keys: Record<string, string> = {};
  const make = async (alias: string, fields: object) => {
    const issued = await ask("/key/generate", { key_alias: alias, ...fields });
    secrets[alias] = String(issued.key);
    keys[alias] = String(issued.token_id);
  };
  await make("web", { max_budget: 5000, budget_duration: "30d", tags: ["prod"], user_id: "ann" });
  await make("app", { team_id: "design" });
  await make("free", {});
  await make("near", { max_budget: 0.01 });
  await make("slow", { rpm_limit: 2 });
  await make("idle", { max_budget: 12 });
  const call = caller(gateway.url, (alias) => secrets[alias] ?? alias);
  const calls = await makeCalls(call);
  await remove(gateway.url, idOf(gone));
  await Bun.sleep(1_100); // refusals are written once a second
  return { keys, idleKey: secrets["idle"] ?? "", calls };
}

const idOf = (made: Record<string, unknown>) => {
  const { endpoints } = Object(made);
  return String(Object(endpoints?.[0] ?? made).id);
};

async function remove(url: string, endpoint: string): Promise<void> {
  const query = new URLSearchParams({ endpoint_id: endpoint });
  const reply = await fetch(`${url}/config/pass_through_endpoint?${query}`, {
    method: "DELETE",
    headers: { authorization: `Bearer ${pageKey}` },
  });
  if (!reply.ok) throw new Error(`${reply.status} ${await reply.text()}`);
}

type Call = (path: string, alias: string, body?: object, headers?: object) => Promise<string>;

/** Sends, reads to the end, and gives the call's id. */
function caller(url: string, keyOf: (alias: string) => string): Call {
  return async (path, alias, body = { model: "gpt-4o-mini" }, headers = {}) => {
    const reply = await fetch(url + path, {
      method: "POST",
      headers: {
        authorization: `Bearer ${keyOf(alias)}`,
        "content-type": "application/json",
        ...headers,
      },
      body: JSON.stringify(body),
    });
    await reply.arrayBuffer();
    return reply.headers.get("x-litellm-call-id") ?? "";
  };
}

async function makeCalls(call: Call) {
  const chat = "/priced/v1/chat/completions";
  for (const model of ["gpt-4o-mini", "gpt-4o", "o3-mini", "a-model-of-our-own"]) {
    await call(chat, "app", { model }, { "x-litellm-tags": "blue,green" });
    await call(chat, "web", { model, stream: true }, { "x-litellm-end-user-id": "customer-7" });
    await call(chat, "free", { model });
    await call("/fraction/v1/chat/completions", pageKey, { model });
  }
  for (let at = 0; at < 3; at += 1) {
    await call("/flat/any", "near"); // the third does not fit its budget
    await call("/flat/any", "slow"); // the third is one too many
    await call("/tiny/any", "web");
    await call("/unmetered", at === 0 ? "app" : "free", {});
  }
  await call("/large/any", "web");
  await call("/large/any", "web");
  await call("/down", "web");
  await call("/gone/echo", "web");
  await call("/gone/echo", "web");
  await call("/gone/status/503", "web");
  await call("/priced/status/404", "free");
  await call("/priced/status/503", "web");
  await call("/flat/status/500", pageKey);
  for (const path of [chat, chat, "/flat/any"]) await call(path, "sk-nobody-has-this-key");
  await call("/no-such-route", "web");
  return {
    cached: await call(chat, "web", { model: "gpt-4o" }),
    stream: await call(chat, "free", { model: "gpt-4o-mini", stream: true }),
    tiny: await call("/tiny/any", "app"),
  };
}
