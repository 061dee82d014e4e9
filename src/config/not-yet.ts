import { type Finding, fault, type KeyPath, warning } from "./findings.ts";
import { Config } from "./schema.ts";
import { walk } from "./walk.ts";

/** `file.instance`: a callback that may do more than record. */
const ownCode = /^[A-Za-z_]\w*(?:\.\w+)+$/;

/** Keys that this version knows and does not serve: what protects is refused, what only records is told. */
export function notYetServed(value: unknown): Finding[] {
  const findings: Finding[] = [];
  walk(value, Config, (item, schema, path) => {
    if (schema.notYet === undefined || isHarmless(item)) return;
    const what = (schema.description ?? "").replace(/\.$/, "");
    const screening = named(item).filter((name) => schema.screens?.includes(name));
    if (screening.length > 0) {
      findings.push(refusal(path, `the callback ${screening.join(", ")}, which screens calls`));
    } else if (schema.notYet === "refuse") findings.push(refusal(path, what, schema.remedy));
    else {
      const own = schema.screens !== undefined && named(item).some((name) => ownCode.test(name));
      const effect = own ? "; code of yours that refuses or changes calls does not run" : "";
      const remedy = `The key has no effect${effect}.`;
      findings.push(warning(path, `not in this version: ${what}`, remedy, "not yet"));
    }
  });
  return findings;
}

function refusal(
  path: KeyPath,
  what: string,
  remedy = "Take the key out: nothing may pass unchecked.",
): Finding {
  return fault(path, `not in this version: ${what}`, remedy, "not yet");
}

function named(value: unknown): string[] {
  const items: unknown[] = Array.isArray(value) ? value : [value];
  return items.filter((item) => typeof item === "string");
}

/** Says what is done anyway: nothing listed, nothing switched on. */
function isHarmless(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.keys(value).length === 0;
  return value === false;
}
