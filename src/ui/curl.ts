import { hasSample, sampleCallOf } from "./sample-call.ts";
import { shellWord } from "./shell-word.ts";

/** What of a route its callers have to know. */
export interface CallableRoute {
  readonly path: string;
  readonly target: string;
  /** None or null: all. */
  readonly methods?: readonly string[] | null;
  readonly include_subpath?: boolean;
  /** False where no key is needed. */
  readonly auth?: boolean | null;
  readonly custom_auth_parser?: unknown;
  /** What the route sends by itself; names are enough. */
  readonly headers?: Readonly<Record<string, string>> | readonly string[];
}

/** Stands for what a reader has to put in. */
export const keyPlaceholder = "YOUR_KEY";
export const pathPlaceholder = "PATH_OF_THE_API";

/** A call of a route from a shell. `base`: what stands before its path. */
export function curlToCall(route: CallableRoute, base: string): string {
  const methods = (route.methods ?? []).map((method) => method.toUpperCase());
  const method = methods.includes("POST") ? "POST" : (methods[0] ?? "POST");
  const hasBody = !["GET", "HEAD", "DELETE", "OPTIONS"].includes(method);
  const { path, headers, body } = sampleOf(route);
  return lines([
    `curl -i -X ${method} ${shellWord(base + path)}`,
    ...(route.auth === false ? [] : [keyOption(route)]),
    ...(hasBody ? [...headers.map(headerOption), ...jsonOptions(body)] : []),
  ]);
}

/** A change through the admin API from a shell. `base`: the gateway's origin, with the root path. */
export function curlToChange(base: string, path: string, body?: object): string {
  return lines([
    `curl -X POST ${shellWord(base + path)}`,
    "-H 'Authorization: Bearer YOUR_MASTER_KEY'",
    ...(body === undefined ? [] : jsonOptions(JSON.stringify(body))),
  ]);
}

/** Whether the command has a part of the path to fill in. */
export function asksForPath(curl: string): boolean {
  return curl.includes(pathPlaceholder);
}

interface Sample {
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

/** What the route's API takes, where that is known; else its path is left to fill in. */
function sampleOf(route: CallableRoute): Sample {
  const { path, target, methods = null, include_subpath: isWide = false, headers = {} } = route;
  const names = Array.isArray(headers) ? headers.map(String) : Object.keys(headers);
  const sampled = { path, target, methods, include_subpath: isWide, headers: names };
  if (hasSample(sampled)) {
    const call = sampleCallOf(sampled);
    return { ...call, body: JSON.stringify(JSON.parse(call.body ?? "{}")) };
  }
  const below = isWide ? `/${pathPlaceholder}` : path === "/" ? "/" : "";
  return { path: path.replace(/\/$/, "") + below, headers: [], body: "{}" };
}

function headerOption([name, value]: Sample["headers"][number]): string {
  return `-H ${shellWord(`${name}: ${value}`)}`;
}

function keyOption({ custom_auth_parser: parser }: CallableRoute): string {
  return parser === "langfuse"
    ? `-u ${shellWord(`${keyPlaceholder}:`)}`
    : `-H ${shellWord(`Authorization: Bearer ${keyPlaceholder}`)}`;
}

function jsonOptions(body: string): string[] {
  return ["-H 'Content-Type: application/json'", `-d ${shellWord(body)}`];
}

function lines(options: readonly string[]): string {
  return options.join(" \\\n  ");
}
