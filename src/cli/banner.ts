import type { Runtime } from "../runtime.ts";
import { everybodyLines, routeTable } from "./route-table.ts";

export interface BannerFacts {
  /** As a browser at this machine writes it. */
  readonly url: string;
  /** As it is listened on. */
  readonly address: string;
  /** The config inside the program is running. */
  readonly builtIn: boolean;
}

/** What a start prints for people: the routes as a table, the URLs, and for the sample a curl that works. */
export function banner(
  { rules, off, everybody, masterKey }: Runtime,
  { url, address, builtIn }: BannerFacts,
): string {
  const lines = ["", ...routeTable(rules.routes.all, off), ...everybodyLines(everybody), ""];
  if (builtIn) lines.push(...sampleHint(url));
  lines.push(`Listening on ${address}`);
  if (masterKey !== null) lines.push(`Admin page: ${url}${rules.rootPath}/ui`);
  lines.push("");
  return lines.join("\n");
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
