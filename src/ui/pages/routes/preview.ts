import { mask } from "../../masks.ts";
import { isSecretParameter } from "./secret-names.ts";

/** What of a route decides where a request goes, as it stands in the form. */
export interface PreviewInput {
  readonly path: string;
  readonly target: string;
  /** None: all. */
  readonly methods: readonly string[];
  readonly include_subpath: boolean;
  readonly merge_query_params: boolean;
  readonly default_query_params: readonly { readonly name: string; readonly value: string }[];
}

/** One request and where it goes. */
export interface PreviewLine {
  readonly from: string;
  readonly to: string;
}

/** What a route does, in words; null while path or target are not written yet. */
export interface Preview {
  readonly line: PreviewLine;
  /** The path itself, where the line shows what is below it. */
  readonly bare: PreviewLine | null;
  readonly notes: readonly string[];
}

/** What the gateway will make of the settings. `base`: its origin, with the root path. */
export function previewOf(input: PreviewInput, base: string): Preview | null {
  const path = servedPath(input);
  const target = targetParts(input.target);
  if (path === null || target === null) return null;
  const method = shownMethod(input.methods);
  const query = queryOf(input, target.query);
  const line = (below: string) => ({
    from: `${method} ${base}${below === "" ? path : joined(path, below)}`,
    to: target.origin + joined(target.path, below) + (query === "" ? "" : `?${query}`),
  });
  const below = target.path === "/" ? "/v1/…" : "/…";
  return {
    line: line(input.include_subpath ? below : ""),
    bare: input.include_subpath ? line("") : null,
    notes: notesOf(input, target),
  };
}

/** The sentence for screen readers. */
export function previewText({ line }: Preview): string {
  return `${line.from} goes to ${line.to}`;
}

interface TargetParts {
  readonly origin: string;
  readonly path: string;
  readonly query: string;
}

const sample = /^tollgate:\/\/sample(?=$|[/?])/;

/** Null for what is no target. Only a target's own text is taken apart, never a stored one that is masked. */
export function targetParts(text: string): TargetParts | null {
  const isSample = sample.test(text);
  const address = isSample ? text.replace(sample, "http://sample") : text;
  if (/[\s\\]/.test(address) || !/^https?:\/\/[^/?#]/i.test(address)) return null;
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  return {
    origin: isSample ? "tollgate://sample" : url.origin,
    path: url.pathname,
    query: url.search.slice(1),
  };
}

/** As the gateway serves it; null for what no request can have. */
function servedPath({ path, include_subpath: below }: PreviewInput): string | null {
  if (!path.startsWith("/") || /[?#\s\\]/.test(path)) return null;
  const served = new URL(path.replace(/^\/+/, "/"), "http://h").pathname;
  return below && served !== "/" ? served.replace(/\/$/, "") : served;
}

function joined(path: string, below: string): string {
  return path.endsWith("/") && below !== "" ? path.slice(0, -1) + below : path + below;
}

/** The one that most calls of such an API have. */
function shownMethod(methods: readonly string[]): string {
  const first = methods[0] ?? "POST";
  return methods.includes("POST") ? "POST" : first;
}

/** Defaults that the target does not set itself, then the target's own; without secrets. */
function queryOf({ default_query_params: pairs }: PreviewInput, own: string): string {
  const target = own === "" ? [] : own.split("&");
  const taken = new Set(new URLSearchParams(own).keys());
  const defaults = pairs
    .filter(({ name }) => name.trim() !== "" && !taken.has(name.trim()))
    .map(({ name, value }) => `${encodeURIComponent(name.trim())}=${encodeURIComponent(value)}`);
  return [...defaults, ...target].map(withoutSecret).join("&");
}

function withoutSecret(pair: string): string {
  const [name = ""] = new URLSearchParams(pair).keys();
  return isSecretParameter(name) ? `${pair.split("=")[0]}=${mask}` : pair;
}

function notesOf(input: PreviewInput, { origin, query }: TargetParts): string[] {
  const { methods, include_subpath: below, default_query_params: pairs } = input;
  const merges = input.merge_query_params || pairs.some(({ name }) => name.trim() !== "");
  const others = methods.filter((method) => method !== shownMethod(methods));
  return [
    methods.length === 0 ? "So does every other method." : "",
    others.length > 0 ? `So ${others.length > 1 ? "do" : "does"} ${others.join(", ")}.` : "",
    below ? "" : "Only this path is served, nothing below it.",
    merges
      ? "The caller's query is merged in: where a name stands twice, the caller's value is sent."
      : query === ""
        ? ""
        : "The caller's query follows the target's own.",
    origin === "tollgate://sample"
      ? "The sample upstream is inside this gateway; it needs no key."
      : "",
  ].filter((note) => note !== "");
}
