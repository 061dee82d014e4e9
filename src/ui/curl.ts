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
}

/** Stands for what a reader has to put in. */
export const keyPlaceholder = "YOUR_KEY";
export const pathPlaceholder = "PATH_OF_THE_API";

/** A call of a route from a shell. `base`: what stands before its path. */
export function curlToCall(route: CallableRoute, base: string): string {
  const isSample = /^tollgate:\/\/sample\/?$/.test(route.target);
  const methods = (route.methods ?? []).map((method) => method.toUpperCase());
  const method = methods.includes("POST") ? "POST" : (methods[0] ?? "POST");
  const hasBody = !["GET", "HEAD", "DELETE", "OPTIONS"].includes(method);
  return lines([
    `curl -i -X ${method} ${shellWord(base + route.path.replace(/\/$/, "") + below(route, isSample))}`,
    ...(route.auth === false ? [] : [keyOption(route)]),
    ...(hasBody ? jsonOptions(isSample ? sampleBody : "{}") : []),
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

const sampleBody = '{"model": "sample", "messages": [{"role": "user", "content": "Hello"}]}';

function below({ include_subpath: isServed, path }: CallableRoute, isSample: boolean): string {
  if (isServed !== true) return path === "/" ? "/" : "";
  return isSample ? "/v1/chat/completions" : `/${pathPlaceholder}`;
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
