import { nearest } from "../config/nearest.ts";
import { StartError } from "../process/start-error.ts";

/** A flag of a command. */
export interface Flag {
  readonly name: string;
  /** What its value is called in the help; null where it takes none. */
  readonly value: string | null;
  readonly about: string;
  readonly short?: string;
  /** It may be given several times: its values become lines of one. */
  readonly many?: boolean;
}

/** What a command line holds; a usage error says what to type instead. */
export interface Options {
  readonly values: ReadonlyMap<string, string>;
  readonly warnings: readonly string[];
}

/** A command line that cannot be understood. */
export class UsageError extends StartError {
  constructor(message: string) {
    super(`${message}\nSee tollgate help.`);
  }
}

/** LiteLLM's own flags, and what to use here. Those with `true` take a value. */
const litellmFlags: Readonly<Record<string, readonly [takesValue: boolean, remedy: string]>> = {
  add_key: [true, "Set the provider's key in the environment."],
  alias: [true, "Name models in config.yaml."],
  api_base: [true, "Name targets in config.yaml."],
  api_version: [true, "Name targets in config.yaml."],
  ciphers: [true, "The runtime's own list is used."],
  debug: [false, "Use --log-level debug."],
  drop_params: [false, "Nothing is dropped from a body."],
  add_function_to_prompt: [false, "Bodies pass as they are."],
  enforce_prisma_migration_check: [false, "There is no Prisma here."],
  headers: [true, "Name headers in config.yaml."],
  health: [false, "Ask /health/readiness."],
  iam_token_db_auth: [false, "There is no database of that kind here."],
  keepalive_timeout: [true, "Idle connections are closed after 28 seconds."],
  local: [false, "It has no meaning here."],
  log_config: [true, "Use --log-level."],
  max_budget: [true, "Use litellm_settings.max_budget."],
  max_requests_before_restart: [true, "The process needs no restart."],
  max_tokens: [true, "Bodies pass as they are."],
  model: [true, "Name targets in config.yaml."],
  num_requests: [true, "It has no meaning here."],
  num_workers: [true, "There is one process."],
  request_timeout: [true, "Use general_settings.pass_through_request_timeout."],
  run_granian: [false, "There is one server, inside."],
  run_gunicorn: [false, "There is one server, inside."],
  run_hypercorn: [false, "There is one server, inside."],
  save: [false, "It has no meaning here."],
  skip_server_startup: [false, "Use tollgate check."],
  ssl_certfile_path: [true, "Use --tls-cert."],
  ssl_keyfile_path: [true, "Use --tls-key."],
  ssl_keyfile_password: [true, "Use --tls-key with a key that has none."],
  telemetry: [true, "There is no telemetry."],
  temperature: [true, "Bodies pass as they are."],
  test: [false, "Use the curl that start-up prints."],
  timeout_worker_healthcheck: [true, "There are no workers."],
  use_prisma_migrate: [false, "There is no Prisma here."],
  use_prisma_db_push: [false, "There is no Prisma here."],
  use_queue: [false, "It has no meaning here."],
  use_v2_migration_resolver: [false, "There is no Prisma here."],
};

/** Reads `--flag value`, `--flag=value` and `-c value`. Throws a `UsageError` that names the nearest flag. */
export function parseOptions(args: readonly string[], flags: readonly Flag[]): Options {
  const values = new Map<string, string>();
  const warnings: string[] = [];
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    const [head = "", ...tail] = arg.split("=");
    const inline = tail.length === 0 ? null : tail.join("=");
    const flag = flags.find(({ name, short }) => head === `--${name}` || head === `-${short}`);
    const litellm = litellmFlags[head.slice(2)];
    if (flag !== undefined) {
      const value = flag.value === null ? noValue(flag, inline) : valueOf(flag, inline, rest);
      const before = flag.many === true ? values.get(flag.name) : undefined;
      values.set(flag.name, before === undefined ? value : `${before}\n${value}`);
    } else if (head.startsWith("--") && litellm !== undefined) {
      const [takesValue, remedy] = litellm;
      if (takesValue && inline === null && rest[0]?.startsWith("--") === false) rest.shift();
      warnings.push(`${head} is LiteLLM's and means nothing here. ${remedy}`);
    } else throw new UsageError(unknown(head, flags));
  }
  return { values, warnings };
}

/** A config's name that stands where a command or a flag is expected. */
export function isConfigFile(word: string): boolean {
  return /\.ya?ml$/i.test(word);
}

function noValue({ name }: Flag, inline: string | null): string {
  if (inline !== null) throw new UsageError(`--${name} takes no value.`);
  return "";
}

function valueOf({ name, value }: Flag, inline: string | null, rest: string[]): string {
  const given = inline ?? rest.shift();
  if (given === undefined || given === "") throw new UsageError(`--${name} needs a ${value}.`);
  return given;
}

function unknown(head: string, flags: readonly Flag[]): string {
  if (!head.startsWith("-")) {
    return `"${head}" is not expected here.${isConfigFile(head) ? ` Did you mean --config ${head}?` : ""}`;
  }
  const meant = nearest(
    head.replace(/^-+/, ""),
    flags.map(({ name }) => name),
  );
  return `There is no flag ${head}.${meant === null ? "" : ` Did you mean --${meant}?`}`;
}
