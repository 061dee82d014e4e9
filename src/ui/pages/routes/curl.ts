/** What of a route its callers have to know. */
export interface CallableRoute {
  readonly path: string;
  readonly target: string;
  readonly methods: readonly string[];
  readonly include_subpath: boolean;
  /** A key is needed. */
  readonly auth: boolean;
  readonly custom_auth_parser: string;
}

/** Stands for what a reader has to put in. */
export const keyPlaceholder = "YOUR_KEY";
export const pathPlaceholder = "PATH_OF_THE_API";

/** A call of the route from a shell. `base`: the gateway's origin, with the root path. */
export function curlOf(route: CallableRoute, base: string): string {
  const isSample = /^tollgate:\/\/sample\/?$/.test(route.target);
  const method = route.methods.includes("POST") ? "POST" : (route.methods[0] ?? "POST");
  const hasBody = !["GET", "HEAD", "DELETE", "OPTIONS"].includes(method);
  const body = isSample ? sampleBody : "{}";
  const parts = [
    `curl -i -X ${method} ${quoted(base + route.path.replace(/\/$/, "") + below(route, isSample))}`,
    ...(route.auth ? [keyOption(route)] : []),
    ...(hasBody ? ["-H 'Content-Type: application/json'", `-d ${quoted(body)}`] : []),
  ];
  return parts.join(" \\\n  ");
}

/** Whether the command has a part of the path to fill in. */
export function asksForPath(curl: string): boolean {
  return curl.includes(pathPlaceholder);
}

const sampleBody = '{"model": "sample", "messages": [{"role": "user", "content": "Hello"}]}';

function below({ include_subpath: isServed, path }: CallableRoute, isSample: boolean): string {
  if (!isServed) return path === "/" ? "/" : "";
  return isSample ? "/v1/chat/completions" : `/${pathPlaceholder}`;
}

function keyOption({ custom_auth_parser: parser }: CallableRoute): string {
  return parser === "langfuse"
    ? `-u ${quoted(`${keyPlaceholder}:`)}`
    : `-H ${quoted(`Authorization: Bearer ${keyPlaceholder}`)}`;
}

/** A word for a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
