import { existsSync } from "node:fs";
import { join } from "node:path";
import { type GatewayKind, gatewayCommand, makeKey } from "./gateways.ts";
import { nginxCommand } from "./nginx.ts";
import { type Command, freePort, type Running, start } from "./processes.ts";

/** Names of what is compared; `bare` is the yardstick of every ratio. */
export type SubjectName = "direct" | "bare" | "whole" | "nginx" | GatewayKind;

/** Something that relays `/pt/*` to the mock upstream. */
export interface Subject {
  readonly name: SubjectName;
  /** `port` null: any, which it announces. */
  command(upstreamPort: number, port: number | null): Command;
  /** Makes the key that its callers show, once it runs; without it they show one that says nothing. */
  readonly makeKey?: (running: Running) => Promise<string>;
  /** Of Tollgate: for what is started in a way of its own. */
  readonly build?: TollgateBuild;
}

/** How Tollgate is started: a binary, or the source. */
export interface TollgateBuild {
  readonly argv: readonly string[];
  readonly isBinary: boolean;
}

const root = join(import.meta.dir, "..");
/** The runtime's cap of concurrent fetches is lifted for the relays; Tollgate has to do that by itself. */
const relayEnv = { BUN_CONFIG_MAX_HTTP_REQUESTS: "65535" };

/** The binary that was named, else the built one, else the source; null when there is none of them. */
export function findTollgate(bin: string | null): TollgateBuild | null {
  if (bin !== null) return { argv: [bin], isBinary: true };
  const built = join(root, "dist/tollgate");
  if (existsSync(built)) return { argv: [built], isBinary: true };
  const source = join(root, "src/main.ts");
  return existsSync(source) ? { argv: [process.execPath, source], isBinary: false } : null;
}

/** All that can be compared on this machine, in the order in which they are driven. */
export function findSubjects(tollgate: TollgateBuild | null): Subject[] {
  const subjects: Subject[] = [relay("bare", "streaming"), relay("whole", "whole")];
  const nginx = Bun.which("nginx") ?? (existsSync("/usr/sbin/nginx") ? "/usr/sbin/nginx" : null);
  if (nginx) {
    const command = (upstreamPort: number, port: number | null) =>
      nginxCommand(nginx, upstreamPort, port ?? freePort());
    subjects.push({ name: "nginx", command });
  }
  if (tollgate) subjects.push(open(tollgate), ...keyedKinds.map((kind) => keyed(kind, tollgate)));
  return subjects;
}

/** The mock upstream, which is also the subject `direct`. */
export function startUpstream(): Promise<Running> {
  const script = join(import.meta.dir, "upstream.ts");
  return start({ name: "direct", argv: [process.execPath, script] });
}

function relay(name: "bare" | "whole", mode: "streaming" | "whole"): Subject {
  const script = join(import.meta.dir, "relay.ts");
  return {
    name,
    command: (upstreamPort, port) => ({
      name,
      argv: [process.execPath, script, `http://127.0.0.1:${upstreamPort}`, `${port ?? 0}`, mode],
      env: relayEnv,
      ...(port !== null && { port }),
    }),
  };
}

function open(build: TollgateBuild): Subject {
  return {
    name: "tollgate",
    command: (upstreamPort, port) => gatewayCommand(build, "tollgate", { upstreamPort, port }),
  };
}

const keyedKinds = ["governed", "unmetered", "metered", "logged"] as const;

function keyed(kind: (typeof keyedKinds)[number], build: TollgateBuild): Subject {
  return {
    name: kind,
    command: (upstreamPort, port) => gatewayCommand(build, kind, { upstreamPort, port }),
    makeKey: (running) => makeKey(running, kind),
    build,
  };
}
