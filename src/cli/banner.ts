import type { Runtime } from "../runtime.ts";

export interface BannerFacts {
  readonly url: string;
  /** The config inside the program is running. */
  readonly builtIn: boolean;
}

const authWords = {
  key: "key",
  local: "key, or this machine",
  anyone: "anyone",
} as const;

/** What a start prints for people: the routes as a table, the URL, and for the sample a curl that works. */
export function banner({ rules, off }: Runtime, { url, builtIn }: BannerFacts): string {
  const rows = rules.routes.all.map((route) => [
    route.methods === null ? "any" : [...route.methods].join(","),
    route.path + (route.includeSubpath ? (route.path === "/" ? "*" : "/*") : ""),
    route.label,
    authWords[route.auth],
  ]);
  for (const { path, unset } of off)
    rows.push(["-", path, `off (${unset.join(", ")} not set)`, ""]);
  const lines = ["", ...table([["METHOD", "PATH", "TARGET", "WHO MAY CALL"], ...rows]), ""];
  if (builtIn) lines.push(...sampleHint(url));
  lines.push(`Listening on ${url}`, "");
  return lines.join("\n");
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = [0, 1, 2].map((column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

function sampleHint(url: string): string[] {
  return [
    "No config.yaml here: this is the sample inside the program (tollgate init writes it out). Try:",
    "",
    `  curl ${url}/sample/v1/chat/completions -H 'content-type: application/json' \\`,
    `    -d '{"model":"sample","messages":[{"role":"user","content":"Hello"}]}'`,
    "",
  ];
}
