import type { ModelNames } from "./model-names.ts";

/** `model` as a parameter's name: in whatever case or encoding, with blanks around it. */
const named =
  /(^|[&;])(?:[\s+]|%(?:0[9-d]|20))*(?:m|%[46]d)(?:o|%[46]f)(?:d|%[46]4)(?:e|%[46]5)(?:l|%[46]c)(?:[\s+]|%(?:0[9-d]|20))*(?:=|(?=[&;])|$)/gi;

/**
 * Adds the values of every parameter `model` of a query or a form. Some servers split at `;` too, so both readings
 * are in. Linear; ends once there are too many.
 */
export function addFormModels(text: string, models: ModelNames): void {
  named.lastIndex = 0;
  const splits = text.includes(";");
  for (let found = named.exec(text); found !== null; found = named.exec(text)) {
    const [start, separator] = found;
    const at = named.lastIndex;
    const valueOf = start.endsWith("=") ? upTo : () => "";
    if (separator !== ";" && !models.addEncoded(valueOf(ampersand, text, at))) return;
    if (splits && !models.addEncoded(valueOf(either, text, at))) return;
  }
}

const ampersand = /[^&]*/y;
const either = /[^&;]*/y;

function upTo(value: RegExp, text: string, at: number): string {
  value.lastIndex = at;
  return value.exec(text)?.[0] ?? "";
}
