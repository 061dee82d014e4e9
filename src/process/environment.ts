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

type Env = Readonly<Record<string, string | undefined>>;

/** What to say about variables that must not be set; empty where all is well. */
export function environmentFaults(env: Env): string[] {
  return dangerous
    .filter(([name, isSet]) => env[name] !== undefined && env[name] !== "" && isSet(env[name]))
    .map(([name, , why]) => `${name} is set: ${why}. Unset it (env -u ${name} tollgate …).`);
}

/** Lifts the limit of 256 fetches at once; read by the runtime before the program's first line. */
const fetchLimit = "BUN_CONFIG_MAX_HTTP_REQUESTS";
const headerLimit = "--max-http-header-size=65536";

/**
 * Starts the program anew in the same process, once, where the runtime's limits are not lifted yet. The pid stays.
 * Windows cannot do that: gives a warning to print, else null.
 */
export function reExecute(env: Env): string | null {
  if (env[fetchLimit] !== undefined && env[fetchLimit] !== "") return null;
  if (process.platform === "win32" || process.execve === undefined) {
    return `${fetchLimit} is not set: at most 256 calls at once. Set it to 65535 before the start.`;
  }
  const compiled = Bun.main.startsWith("/$bunfs/");
  const own = compiled ? [] : [...process.execArgv, headerLimit, Bun.main];
  const argv = [process.argv0, ...own, ...process.argv.slice(2)];
  const next: Record<string, string> = { [fetchLimit]: "65535" };
  for (const [name, value] of Object.entries(env)) if (value !== undefined) next[name] ??= value;
  process.execve(process.execPath, argv, next);
  return null;
}
