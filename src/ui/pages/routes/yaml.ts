import type { Settings } from "../../endpoint.ts";
import { mask } from "../../masks.ts";

/** What replies say beside the settings. */
const aside: ReadonlySet<string> = new Set([
  "version",
  "is_from_config",
  "config_file",
  "config_line",
  "enabled",
  "unset",
  "created_at",
  "created_by",
  "updated_at",
  "updated_by",
]);

/** An endpoint of a reply as its entry in the configuration file; secrets are as masked as they came. */
export function yamlOf(endpoint: Settings): string {
  const { path, target, ...rest } = endpoint;
  const members = Object.entries({ path, target, ...rest }).filter(
    ([name, value]) => !aside.has(name) && !isLeftOut(name, value, endpoint),
  );
  const lines = members.flatMap(([name, value]) => linesOf(name, value));
  const items = lines.map((line, index) => `    ${index === 0 ? "- " : "  "}${line}`);
  return ["general_settings:", "  pass_through_endpoints:", ...items, ""].join("\n");
}

/** Whether something in the YAML has to be written by hand. */
export function hasMask(yaml: string): boolean {
  return yaml.includes(mask);
}

/** What replies tell though nobody set it. An id that follows from the path is no name that somebody chose. */
function isLeftOut(name: string, value: unknown, { is_from_config: isFile }: Settings): boolean {
  if (value === null || value === undefined) return true;
  if (name === "id") return isFile === true && /[^\w.:-]/.test(String(value));
  if (name === "include_subpath") return value === false;
  return typeof value === "object" && Object.keys(value).length === 0;
}

/** A member, and what it holds below it. */
function linesOf(name: string, value: unknown): string[] {
  const key = scalar(name);
  if (typeof value !== "object" || value === null) return [`${key}: ${scalar(value)}`];
  if (Array.isArray(value)) {
    const isPlain = value.every((one) => typeof one !== "object" || one === null);
    return isPlain
      ? [`${key}: [${value.map(scalar).join(", ")}]`]
      : [`${key}:`, ...value.map((one) => `  - ${JSON.stringify(one)}`)];
  }
  const members = Object.entries(value);
  if (members.length === 0) return [`${key}: {}`];
  return [
    `${key}:`,
    ...members.flatMap(([sub, one]) => linesOf(sub, one).map((line) => `  ${line}`)),
  ];
}

/** Words that YAML, in one version or another, takes for something else than a text. */
const otherwise = /^(?:true|false|yes|no|on|off|y|n|null|~)$/i;

/** A text as it is where YAML can take it for nothing else, in quotes elsewhere; JSON is YAML. */
function scalar(value: unknown): string {
  if (typeof value !== "string") return JSON.stringify(value);
  const isPlain =
    /^[A-Za-z/_][\w./@%+=~-]*(?::\/\/[\w./@%+=~:?&-]+)?$/.test(value) &&
    !value.endsWith(":") &&
    !otherwise.test(value);
  return isPlain ? value : JSON.stringify(value);
}
