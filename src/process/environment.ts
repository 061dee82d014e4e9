import { readFileSync } from "node:fs";
import { StartError } from "./start-error.ts";

/** Variables of a process. */
export type Env = Readonly<Record<string, string | undefined>>;

/** Variables that change the runtime under the program's feet, and why a start with them is refused. */
const dangerous: readonly (readonly [
  name: string,
  isSet: (value: string) => boolean,
  why: string,
])[] = [
  ["BUN_OPTIONS", () => true, "it changes the runtime's flags"],
  ["BUN_INSPECT", () => true, "it opens a debugger"],
  ["BUN_CONFIG_VERBOSE_FETCH", () => true, "it prints credentials"],
  ["NODE_TLS_REJECT_UNAUTHORIZED", (value) => value === "0", "it switches certificate checks off"],
];

/** Throws a `StartError` that names each variable that must not be set. */
export function refuseEnvironment(env: Env): void {
  const faults = dangerous
    .filter(([name, isSet]) => env[name] !== undefined && env[name] !== "" && isSet(env[name]))
    .map(([name, , why]) => `${name} is set: ${why}. Unset it (env -u ${name} tollgate …).`);
  if (faults.length > 0) throw new StartError(faults.join("\n"));
}

/** Where a compiled program keeps its files. */
const compiled = /^(?:\/\$bunfs\/|B:[\\/]~BUN[\\/])/i.test(Bun.main);
const noEnvFile = "--no-env-file";

/**
 * The variables this process was started with. From source the runtime has added those of the `.env` files of the
 * working directory by now, where its bunfig.toml does not forbid it: they are left out again.
 */
export function ownEnvironment(): Env {
  if (compiled || process.execArgv.includes(noEnvFile)) return process.env;
  const names = namesAtStart();
  if (names === null) return process.env;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => names.has(name)));
}

/** As the kernel keeps them; null where it does not show them. */
function namesAtStart(): ReadonlySet<string> | null {
  try {
    const entries = readFileSync("/proc/self/environ", "utf8").split("\0");
    return new Set(entries.map((entry) => entry.slice(0, entry.indexOf("="))));
  } catch {
    return null;
  }
}

/** Lifts the limit of 256 fetches at once; read by the runtime before the program's first line. */
const fetchLimit = "BUN_CONFIG_MAX_HTTP_REQUESTS";

/** What a compiled program carries inside. */
const sourceFlags = [noEnvFile, "--max-http-header-size=65536"];

/**
 * Starts the program anew in the same process, where the runtime's limits are not lifted yet, or it has read `.env`
 * files. Pid, arguments and environment stay. Gives a warning to print where the system cannot do that, else null.
 */
export function reExecute(): string | null {
  const env = ownEnvironment();
  const flags = compiled ? [] : sourceFlags.filter((flag) => !process.execArgv.includes(flag));
  if (flags.length === 0 && (env[fetchLimit] ?? "") !== "") return null;
  const own = compiled ? [] : [...process.execArgv, ...flags, Bun.main];
  const next: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) if (value !== undefined) next[name] = value;
  if ((next[fetchLimit] ?? "") === "") next[fetchLimit] = "65535";
  try {
    if (process.platform !== "win32") {
      process.execve?.(process.execPath, [process.argv0, ...own, ...process.argv.slice(2)], next);
    }
  } catch {
    // The program that runs is as good, but for its limits.
  }
  return `${fetchLimit} is not set: at most 256 calls at once. Set it to 65535 before the start.`;
}
