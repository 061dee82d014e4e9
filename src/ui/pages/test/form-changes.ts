import type { Pair } from "../../parts/pairs-record.ts";
import type { RouteReply } from "../../replies.ts";
import { type BodyKind, emptyBody, type TestBody, type TestForm } from "./form.ts";
import { sampleCallOf } from "../../sample-call.ts";

/** The form with another body, and with the content type that it suggests. */
export function withBody(form: TestForm, body: TestBody): TestForm {
  return { ...form, body, headers: withContentType(form, suggestedType(body)) };
}

/** The form that tries a route for the first time; the chosen key stays. */
export function withRoute(form: TestForm, route: RouteReply): TestForm {
  const { method, path, headers, body } = sampleCallOf(route);
  const pairs = headers.map(([name, value]) => ({ name, value }));
  const next: TestForm = { ...form, method, path, headers: pairs, body: emptyBody, notes: [] };
  return body === null ? next : withBody(next, { ...emptyBody, kind: "json", json: body });
}

/** Content types of no body, and of a form, are nobody's to write. */
function suggestedType({ kind, file }: TestBody): string | null {
  const types: Readonly<Record<BodyKind, string | null>> = {
    none: null,
    json: "application/json",
    text: "text/plain; charset=utf-8",
    file: file?.type || "application/octet-stream",
    form: null,
  };
  return types[kind];
}

/** What was typed by hand stays, where the kind allows it. */
function withContentType(
  { headers, body: former }: TestForm,
  type: string | null,
): readonly Pair[] {
  const at = headers.findIndex(({ name }) => name.trim().toLowerCase() === "content-type");
  const pair = headers[at];
  if (pair === undefined)
    return type === null ? headers : [...headers, { name: "content-type", value: type }];
  if (type === null) return headers.toSpliced(at, 1);
  const isOurs = pair.value === (suggestedType(former) ?? "") || pair.value.trim() === "";
  return isOurs ? headers.with(at, { ...pair, value: type }) : headers;
}
