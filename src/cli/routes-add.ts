import { isUsd } from "../core/money.ts";
import { tell } from "../process/tell.ts";
import type { Command } from "./command.ts";
import { placeFlags, withKeysAdmin } from "./keys-admin.ts";
import { type Flag, UsageError } from "./options.ts";
import { printable } from "./printable.ts";
import { headerFlags, headersOf, type RepeatedFlag } from "./routes-headers.ts";
import { createInputs, type Inputs } from "./routes-inputs.ts";
import { endpointsIn, endpointsPath, type ListedEndpoint } from "./routes-reply.ts";

type Values = ReadonlyMap<string, string>;

const method: RepeatedFlag = {
  name: "method",
  value: "GET,POST",
  about: "Serve these methods only (all).",
  many: true,
};

const flags: readonly Flag[] = [
  { name: "path", value: "/path", about: "The path that this gateway serves." },
  { name: "target", value: "url", about: "Where its requests go." },
  ...headerFlags,
  { name: "include-subpath", value: null, about: "Serve what is below the path too." },
  method,
  { name: "auth", value: "true|false", about: "Whether a key is needed (true)." },
  { name: "cost", value: "usd", about: "Booked for each reply (by usage and prices)." },
  { name: "cost-per-request", value: "usd", about: "The same." },
  { name: "id", value: "name", about: "An id of its own (a new one)." },
  {
    name: "json",
    value: "file",
    about: "A JSON object with any keys of an endpoint, - for stdin; flags go before it.",
  },
  { name: "dry-run", value: null, about: "Only say whether it could be made." },
  ...placeFlags,
];

export const routesAddCommand: Command = {
  name: "routes add",
  about:
    "Make a route, served at once. Others may see a command line in the process list: give secrets as @file, or -.",
  usage: "--path /path --target url [flags]",
  flags,
  run: ({ values }) => add(values),
};

async function add(values: Values): Promise<number> {
  const body = await bodyOf(values, createInputs());
  const isTry = values.has("dry-run");
  return withKeysAdmin(values, { mayBeNew: true }, async (admin) => {
    const path = `${endpointsPath}${isTry ? "?dry_run=true" : ""}`;
    const [made] = endpointsIn(await admin.ask("POST", path, body));
    const what = printable(`${made?.path} → ${made?.target}`);
    const told = isTry ? `${what} can be added.` : `Added ${what} (${printable(made?.id ?? "")}).`;
    process.stdout.write(`${told}\n`);
    for (const hint of hintsOn(body, made)) tell(hint);
    return 0;
  });
}

/** What may not be meant. */
function hintsOn(body: Record<string, unknown>, made: ListedEndpoint | undefined): string[] {
  const hints = Object.entries(mapOf(body["headers"]))
    .filter(([, value]) => typeof value === "string" && /os\.environ\/|cred\//.test(value))
    .map(
      ([name]) =>
        `The value of ${printable(name)} is sent letter by letter: os.environ/ and cred/ are replaced in the configuration file alone.`,
    );
  if (made?.include_subpath !== false) return hints;
  const path = printable(made.path);
  return [
    ...hints,
    `Only ${path} itself is served: --include-subpath serves what is below it too.`,
  ];
}

async function bodyOf(values: Values, inputs: Inputs): Promise<Record<string, unknown>> {
  const file = values.get("json");
  const body = file === undefined ? {} : objectIn(await inputs.text(file), file);
  const headers = await headersOf(values, inputs);
  const methods = values.get("method");
  const given: Readonly<Record<string, unknown>> = {
    id: values.get("id"),
    path: values.get("path"),
    target: values.get("target"),
    include_subpath: values.has("include-subpath") ? true : undefined,
    methods: methods === undefined ? undefined : methodsIn(methods),
    auth: truth(values, "auth"),
    cost_per_request: usd(values, "cost") ?? usd(values, "cost-per-request"),
    headers: headers === null ? undefined : { ...mapOf(body["headers"]), ...headers },
  };
  const set = Object.entries(given).filter(([, value]) => value !== undefined);
  const whole = { ...body, ...Object.fromEntries(set) };
  for (const name of ["path", "target"]) {
    if (!Object.hasOwn(whole, name)) throw new UsageError(`A route needs a ${name}: --${name}.`);
  }
  return whole;
}

function methodsIn(text: string): string[] {
  const methods = text.split(/[,\n]/).map((method) => method.trim().toUpperCase());
  if (methods.every((method) => /^[A-Z]+$/.test(method))) return methods;
  throw new UsageError("--method is a method, or several with commas between them.");
}

function truth(values: Values, name: string): boolean | undefined {
  const text = values.get(name);
  if (text === undefined) return undefined;
  if (text === "true" || text === "false") return text === "true";
  throw new UsageError(`--${name} is true or false.`);
}

function usd(values: Values, name: string): number | undefined {
  const text = values.get(name);
  if (text === undefined) return undefined;
  if (/^\d+(?:\.\d+)?$/.test(text) && isUsd(Number(text))) return Number(text);
  throw new UsageError(`--${name} is a number of dollars, like 25 or 0.04.`);
}

function objectIn(text: string, file: string): Record<string, unknown> {
  const value = parsed(text);
  if (isMap(value)) return value;
  throw new UsageError(`${file === "-" ? "stdin" : file} holds no JSON object.`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function mapOf(value: unknown): Record<string, unknown> {
  return isMap(value) ? value : {};
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
