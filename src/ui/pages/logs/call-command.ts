import type { RouteReply } from "../../replies.ts";

type Called = Pick<RouteReply, "path" | "include_subpath" | "methods">;

/** A curl command that calls a route, for a POSIX shell; the key is the reader's to set. */
export function firstCallOf({ path, include_subpath, methods }: Called, origin: string): string {
  const method = methods === null || methods.includes("POST") ? "POST" : (methods[0] ?? "GET");
  const below = include_subpath ? "/v1/chat/completions" : "";
  const url = `${origin}${path === "/" ? "" : path}${below}`;
  const lines = [
    `curl -X ${quoted(method)} ${quoted(url)}`,
    `-H "authorization: Bearer $TOLLGATE_KEY"`,
    ...(method === "POST"
      ? [
          `-H 'content-type: application/json'`,
          `-d '{"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "Hello"}]}'`,
        ]
      : []),
  ];
  return lines.join(" \\\n  ");
}

function quoted(text: string): string {
  return /^[\w./:@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
