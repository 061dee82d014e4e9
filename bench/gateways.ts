import { writeFileSync } from "node:fs";
import { type Command, type Running, scratchPath } from "./processes.ts";
import type { TollgateBuild } from "./subjects.ts";

/** `tollgate`: anyone may call. `governed`: with a key, under limits and budgets, each call booked. */
export type GatewayKind = "tollgate" | "governed";

/** Where a gateway listens and leads; without a data directory it gets a new one. */
export interface GatewayPlace {
  readonly upstreamPort: number;
  readonly port: number | null;
  readonly dataDirectory?: string;
}

const masterKey = "sk-master-key-of-the-bench";

/** What a call costs in `governed`. */
export const callNanoUsd = 100_000;

/** Above any load, and never spent: what is measured is the counting. */
export const limits = { rpm_limit: 1_000_000_000, max_budget: 1_000_000 };

/** How a gateway is started. */
export function gatewayCommand(
  { argv }: TollgateBuild,
  kind: GatewayKind,
  { upstreamPort, port, dataDirectory = scratchPath("data") }: GatewayPlace,
): Command {
  const config = scratchPath("config.yaml");
  writeFileSync(config, configOf(kind, upstreamPort));
  const flags = ["--config", config, "--host", "127.0.0.1", "--port", `${port ?? 0}`];
  return {
    name: kind,
    argv: [...argv, ...flags, "--data-dir", dataDirectory],
    dataDirectory,
    ...(port !== null && { port }),
  };
}

/** Makes a virtual key as an admin does; gives the key itself. */
export async function makeKey({ port }: Running): Promise<string> {
  const { key } = await admin(port, "POST", "/key/generate", limits);
  if (typeof key !== "string") throw new Error("/key/generate gave no key");
  return key;
}

/** Asks the admin API of a governed gateway. Throws where the answer is no 200. */
export async function admin(
  port: number,
  method: string,
  path: string,
  body?: object,
): Promise<Readonly<Record<string, unknown>>> {
  const reply = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: { authorization: `Bearer ${masterKey}`, "content-type": "application/json" },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await reply.text();
  if (reply.status !== 200) throw new Error(`${path} answered ${reply.status}: ${text}`);
  return JSON.parse(text);
}

function configOf(kind: GatewayKind, upstreamPort: number): string {
  const governed = kind === "governed";
  return `general_settings:${governed ? `\n  master_key: ${masterKey}` : ""}
  pass_through_endpoints:
    - path: /pt
      target: http://127.0.0.1:${upstreamPort}/pt
      include_subpath: true
      forward_headers: true
      auth: ${governed}${governed ? governing : ""}
      headers:
        x-api-key: key-of-the-upstream
`;
}

const governing = `
      cost_per_request: ${callNanoUsd / 1e9}
      rpm_limit: ${limits.rpm_limit}
      max_budget: ${limits.max_budget}`;
