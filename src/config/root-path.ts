import { type Finding, fault } from "./findings.ts";
import { type Env, variable } from "./secrets.ts";

/** `SERVER_ROOT_PATH` as it stands before every path: with a leading slash and no last one; empty where it is not set. */
export function serverRootPath(env: Env): string {
  const text = (variable(env, "SERVER_ROOT_PATH") ?? "").trim().replace(/^\/+|\/+$/g, "");
  return text === "" ? "" : `/${text}`;
}

/** What is wrong with it. */
export function rootPathFindings(env: Env): Finding[] {
  const parts = serverRootPath(env).split("/").slice(1);
  if (parts.every((part) => /^[\w.~-]+$/.test(part) && !/^\.{1,2}$/.test(part))) return [];
  return [fault([], "SERVER_ROOT_PATH is not a plain path", "Set it to /gateway, say.")];
}
