import { writeFileSync } from "node:fs";
import { type Command, type Running, scratchPath } from "./processes.ts";
import type { TollgateBuild } from "./subjects.ts";

/**
 * `tollgate`: anyone may call. `governed`: with a key, under limits and budgets, each call booked at a flat cost.
 * `metered`: the same with limits of tokens, each call booked by its usage. `logged`: and with its bodies logged.
 * `unmetered`: as `metered`, but no reply is looked at.
 */
export type GatewayKind = "tollgate" | "governed" | "unmetered" | "metered" | "logged";

/** Where a gateway listens and leads; without a data directory it gets a new one. */
export interface GatewayPlace {
  readonly upstreamPort: number;
  readonly port: number | null;
  readonly dataDirectory?: string;
  /** More of `general_settings`. */
  readonly general?: Readonly<Record<string, number>>;
}

const masterKey = "sk-master-key-of-the-bench";

/** What a call costs in `governed`. */
export const callNanoUsd = 100_000;

/** Above any load, and never spent: what is measured is the counting. */
export const limits = { rpm_limit: 1_000_000_000, max_budget: 1_000_000 };
const meteredLimits = { ...limits, tpm_limit: 1_000_000_000_000 };

/** How a gateway is started. */
export function gatewayCommand(
  { argv }: TollgateBuild,
  kind: GatewayKind,
  { upstreamPort, port, dataDirectory = scratchPath("data"), general = {} }: GatewayPlace,
): Command {
  const config = scratchPath("config.yaml");
  writeFileSync(config, configOf(kind, upstreamPort, general));
  const flags = ["--config", config, "--host", "127.0.0.1", "--port", `${port ?? 0}`];
  return {
    name: kind,
    argv: [...argv, ...flags, "--data-dir", dataDirectory],
    dataDirectory,
    ...(port !== null && { port }),
  };
}

/** Makes a virtual key as an admin does; gives the key itself. */
export async function makeKey({ port }: Running, kind: GatewayKind): Promise<string> {
  const ofKey = kind === "governed" ? limits : meteredLimits;
  const { key } = await admin(port, "POST", "/key/generate", ofKey);
  if (typeof key !== "string") throw new Error("/key/generate gave no key");
  return key;
}

/** Signs a browser in as an admin does; gives its cookie. */
export async function signIn(port: number): Promise<string> {
  const reply = await fetch(`http://127.0.0.1:${port}/ui/session`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-tollgate-page": "1" },
    body: JSON.stringify({ key: masterKey }),
  });
  const [cookie = ""] = (reply.headers.get("set-cookie") ?? "").split(";");
  if (reply.status !== 204 || cookie === "") throw new Error(`signing in gave ${reply.status}`);
  return cookie;
}

/** Asks the admin API of a governed gateway. Throws where the answer is no 200. */
export async function admin(
  port: number,
  method: string,
  path: string,
  body?: object,
): Promise<Readonly<Record<string, unknown>>> {
  return JSON.parse(await adminText(port, method, path, body));
}

/** The same for answers that are no JSON. */
export async function adminText(
  port: number,
  method: string,
  path: string,
  body?: object,
): Promise<string> {
  const reply = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: { authorization: `Bearer ${masterKey}`, "content-type": "application/json" },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await reply.text();
  if (reply.status !== 200) throw new Error(`${path} answered ${reply.status}: ${text}`);
  return text;
}

function configOf(
  kind: GatewayKind,
  upstreamPort: number,
  general: NonNullable<GatewayPlace["general"]>,
): string {
  const isOpen = kind === "tollgate";
  const settings = { ...(isOpen ? {} : { master_key: masterKey }), ...general };
  const route = {
    path: "/pt",
    target: `http://127.0.0.1:${upstreamPort}/pt`,
    include_subpath: true,
    forward_headers: true,
    auth: !isOpen,
    ...ofKind[kind],
  };
  return `general_settings:
${lines(settings, "  ")}  pass_through_endpoints:
    - headers:
        x-api-key: key-of-the-upstream
${lines(route, "      ")}`;
}

const ofKind: Readonly<Record<GatewayKind, Readonly<Record<string, string | number>>>> = {
  tollgate: {},
  governed: { cost_per_request: callNanoUsd / 1e9, ...limits },
  unmetered: { ...meteredLimits, provider: "none" },
  metered: { ...meteredLimits, provider: "openai" },
  logged: { ...meteredLimits, provider: "openai", log: "bodies" },
};

function lines(settings: Readonly<Record<string, unknown>>, indent: string): string {
  return Object.entries(settings)
    .map(([name, value]) => `${indent}${name}: ${String(value)}\n`)
    .join("");
}
