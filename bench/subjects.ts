import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { nginxCommand } from "./nginx.ts";
import { type Command, freePort, type Running, scratchPath, start } from "./processes.ts";

/** Names of what is compared; `bare` is the yardstick of every ratio. */
export type SubjectName = "direct" | "bare" | "whole" | "nginx" | "tollgate";

/** Something that relays `/pt/*` to the mock upstream. */
export interface Subject {
  readonly name: SubjectName;
  /** `port` null: any, which it announces. */
  command(upstreamPort: number, port: number | null): Command;
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
  if (tollgate) subjects.push(gateway(tollgate));
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

function gateway(build: TollgateBuild): Subject {
  return {
    name: "tollgate",
    command(upstreamPort, port) {
      const config = scratchPath("config.yaml");
      writeFileSync(config, gatewayConfig(upstreamPort));
      const flags = ["--config", config, "--host", "127.0.0.1", "--port", `${port ?? 0}`];
      const argv = [...build.argv, ...flags, "--data-dir", scratchPath("data")];
      return { name: "tollgate", argv, ...(port !== null && { port }) };
    },
  };
}

function gatewayConfig(upstreamPort: number): string {
  return `general_settings:
  pass_through_endpoints:
    - path: /pt
      target: http://127.0.0.1:${upstreamPort}/pt
      include_subpath: true
      forward_headers: true
      auth: false
      headers:
        x-api-key: key-of-the-upstream
`;
}
