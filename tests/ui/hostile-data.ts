import type { Gateway } from "../helpers/gateway.ts";
import { pageKey } from "./browser.ts";
import { marked, payloads } from "./payloads.ts";

const admin = { authorization: `Bearer ${pageKey}`, "content-type": "application/json" };

/** What was made, and what the API did not take. */
export interface HostileData {
  readonly routes: readonly string[];
  readonly keys: readonly string[];
  readonly teams: readonly string[];
  /** How many of each kind were refused. */
  readonly refused: Readonly<Record<string, number>>;
}

/** Routes, teams and keys whose every text is hostile, each payload in each of them; `target` is an upstream. */
export async function fillWithPayloads(
  gateway: Pick<Gateway, "url">,
  target: string,
): Promise<HostileData> {
  const refused: Record<string, number> = {};
  const ask = async (path: string, body: unknown): Promise<Record<string, unknown> | null> => {
    const reply = await fetch(gateway.url + path, {
      method: "POST",
      headers: admin,
      body: JSON.stringify(body),
    });
    const told: unknown = await reply.json();
    if (reply.status >= 500) throw new Error(`${path}: ${JSON.stringify(told)}`);
    if (reply.ok) return Object(told);
    refused[path] = (refused[path] ?? 0) + 1;
    return null;
  };
  const ids = (reply: Record<string, unknown> | null, name: string): string[] =>
    typeof reply?.[name] === "string" ? [reply[name]] : [];
  const made = {
    routes: new Array<string>(),
    keys: new Array<string>(),
    teams: new Array<string>(),
  };
  await inParallel(payloads.length, async (index) => {
    made.teams.push(...ids(await ask("/team/new", teamOf(index)), "team_id"));
    made.keys.push(...ids(await ask("/key/generate", keyOf(index)), "token"));
  });
  for (let index = 0; index < payloads.length; index += fieldsOfRoute) {
    const reply = await ask("/config/pass_through_endpoint", apiRoute(index, target));
    const [endpoint] = Object(reply).endpoints ?? [];
    if (typeof endpoint?.id === "string") made.routes.push(endpoint.id);
  }
  return { ...made, refused };
}

/** Calls `work` with each number below `count`, a few at once. */
export async function inParallel(
  count: number,
  work: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}

function teamOf(index: number) {
  const text = (field: string) => marked(index, field);
  return {
    team_id: `team-${index}`,
    team_alias: text("teamalias"),
    tags: [text("teamtag")],
    models: [text("teammodel")],
    metadata: { [text("teammetaname")]: text("teammeta") },
  };
}

function keyOf(index: number) {
  const text = (field: string) => marked(index, field);
  return {
    team_id: `team-${index}`,
    key_alias: text("alias"),
    user_id: text("user"),
    tags: [text("tag")],
    models: [text("keymodel")],
    allowed_routes: [`/${text("allowed")}`],
    allowed_passthrough_routes: [`/${text("passed")}`],
    metadata: JSON.parse(`{"__proto__":{"polluted":1},${JSON.stringify(text("metaname"))}:1}`),
    model_rpm_limit: { [text("rpmmodel")]: 5 },
    model_max_budget: { [text("budgetmodel")]: { budget_limit: 5, time_period: "30d" } },
  };
}

/** So many payloads stand in a route of the API: to make one takes a while, as it makes all of them anew. */
const fieldsOfRoute = 10;

function apiRoute(index: number, target: string) {
  const text = (offset: number, field: string) => marked(index + offset, field);
  return {
    id: idOf(text(0, "id")),
    path: pathOf(text(1, "path")),
    target: `${target}/${encodeURIComponent(text(2, "target"))}?q=${encodeURIComponent(text(3, "query"))}`,
    headers: { [`x-'\`|${index}`]: headerOf(text(4, "header")) },
    default_query_params: { [text(5, "paramname")]: text(6, "param"), plain: text(9, "param") },
    usage: {
      model: { value: text(8, "usagemodel") },
      units: { pages: pointerOf(text(7, "unit")) },
    },
    prices: { pages: 0.5 },
    include_subpath: true,
    log: "bodies",
  };
}

/** A config file whose every text is hostile. */
export function hostileConfig(target: string): string {
  const half = payloads.length / 2;
  const endpoints = payloads.slice(half).map((_, index) => {
    const text = (field: string) =>
      marked(/^file(?:id|target|param)$/.test(field) ? index : index + half, field);
    return {
      id: idOf(text("fileid")),
      path: pathOf(text("filepath")),
      target: `${target}/${encodeURIComponent(text("filetarget"))}`,
      headers: { "x-'`|": headerOf(text("fileheader")) },
      default_query_params: { [text("fileparamname")]: text("fileparam") },
      auth: true,
      [text("unknownkey")]: text("unknownvalue"),
      ...(index % 40 === 0 ? { enabled_if: `H${index}UNSET` } : {}),
    };
  });
  const config = {
    general_settings: {
      master_key: pageKey,
      allow_private_targets: ["127.0.0.0/8"],
      pass_through_endpoints: [...openRoutes(target), ...endpoints],
    },
    [marked(3, "topkey")]: marked(3, "topvalue"),
  };
  return JSON.stringify(config).replaceAll(/[\x7f-\uffff]/g, escaped);
}

function openRoutes(target: string) {
  const shared = { target, include_subpath: true, auth: true };
  return [
    { id: "echo", path: "/echo", log: { bodies: true, max_bytes: 4_000_000 }, ...shared },
    { id: "flat", path: "/flat", cost_per_request: 0.01, ...shared },
  ];
}

/** Ids have no slash, query or fragment, and nothing that cannot be seen. */
function idOf(text: string): string {
  return text.replaceAll(/[\p{C}\p{Zl}\p{Zp}/?#]/gu, "_").trim();
}

function pathOf(text: string): string {
  return `/${text.replaceAll(/[\s?#\\/]/g, "_")}`;
}

function pointerOf(text: string): string {
  return `/${text.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** What a header takes of a text. */
export function headerOf(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, "?").trim();
}

function escaped(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
