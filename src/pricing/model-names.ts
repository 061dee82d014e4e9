/**
 * The names under which a model may be listed, the most exact first: as it was told; without the resource path or ARN
 * before it; without the provider before it; without Bedrock's region; without the date or `latest` after it. A date
 * comes off last: snapshots that cost something else are listed by themselves. Fine-tuned models (`ft:…`) cost
 * something else than their base, so they keep their name.
 */
export function modelNames(model: string): readonly string[] {
  const told = model.trim();
  const names = [told, afterLast(told, "models/"), afterFirst(told, "/"), afterLast(told, "/")];
  if (told.startsWith("arn:")) names.push(afterLast(afterLast(told, "/"), ":"));
  const local = names.map((name) => name.replace(region, ""));
  const undated = [...names, ...local].map((name) => name.replace(suffix, ""));
  return [...new Set([...names, ...local, ...undated])].filter((name) => name !== "");
}

const region = /^(?:us|eu|ap|apac|au|ca|jp|sa|us-gov|global)\./;

const suffix = /(?:[-@]20\d{2}-?(?:0[1-9]|1[0-2])-?(?:0[1-9]|[12]\d|3[01])|-latest|@default)$/;

/** `openai` of `openai/gpt-4o`; null where nothing of the kind stands before the name. */
export function prefixOf(model: string): string | null {
  const slash = model.indexOf("/");
  return slash > 0 ? model.slice(0, slash) : null;
}

function afterFirst(text: string, mark: string): string {
  const at = text.indexOf(mark);
  return at < 0 ? text : text.slice(at + mark.length);
}

function afterLast(text: string, mark: string): string {
  const at = text.lastIndexOf(mark);
  return at < 0 ? text : text.slice(at + mark.length);
}
