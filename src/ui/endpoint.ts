import type { EndpointReply } from "./replies.ts";

/** Settings of an endpoint by name, as the API takes them. */
export type Settings = Readonly<Record<string, unknown>>;

/** One key of `GET /config/pass_through_endpoint/schema`. */
export interface SettingWords {
  readonly name: string;
  readonly description: string;
  readonly absent?: string;
  readonly type: string;
  readonly minimum?: number;
  readonly exclusive_minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly default?: unknown;
  readonly fields?: readonly SettingWords[];
}

/** What a form has to know: each key in words, and the names that `provider` takes. */
export interface SchemaReply {
  readonly fields: readonly SettingWords[];
  readonly providers: readonly string[];
}

/** Where an endpoint was made. */
export type Owner =
  | { readonly kind: "file"; readonly file: string; readonly line: number | null }
  | { readonly kind: "page" };

/** Whose an endpoint is. */
export function ownerOf(endpoint: EndpointReply): Owner {
  if (!endpoint.is_from_config) return { kind: "page" };
  const { config_file: file, config_line: line }: Settings = endpoint;
  return {
    kind: "file",
    file: typeof file === "string" ? file : "config.yaml",
    line: typeof line === "number" ? line : null,
  };
}

/** `config.yaml:12`, without the folder; `made here` for what the page or the API made. */
export function ownerText(owner: Owner): string {
  if (owner.kind === "page") return "made here";
  const name = owner.file.split(/[/\\]/).at(-1) ?? owner.file;
  return owner.line === null ? name : `${name}:${owner.line}`;
}

/** Why an endpoint of the file serves nothing, as `off: COHERE_API_KEY not set`; null where it is on. */
export function offText({ enabled, unset }: Settings): string | null {
  if (enabled !== false) return null;
  const names = Array.isArray(unset) ? unset.map(String) : [];
  return names.length === 0 ? "off" : `off: ${names.join(", ")} not set`;
}

/** Who may call. */
export function authText(auth: unknown): string {
  if (auth === true) return "key";
  return auth === false ? "anyone" : "key, or this machine";
}

/** `/bria/…` where what is below is served too. */
export function shownPath({
  path,
  include_subpath: isWide,
}: Pick<EndpointReply, "path" | "include_subpath">): string {
  return isWide === true ? `${path.replace(/\/$/, "")}/…` : path;
}

/** `GET, POST`, or `all`. */
export function methodsText(methods: unknown): string {
  return Array.isArray(methods) && methods.length > 0 ? methods.map(String).join(", ") : "all";
}
