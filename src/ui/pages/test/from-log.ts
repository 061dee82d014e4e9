import { bytesOfBase64 } from "../../bodies/hex.ts";
import { jsonOf } from "../../bodies/json-body.ts";
import { redacted } from "../../masks.ts";
import { methodOf } from "../../methods.ts";
import type { LogDetailReply } from "../../replies.ts";
import { type BodyKind, emptyBody, emptyForm, type TestBody, type TestForm } from "./form.ts";

/** What the gateway, the browser or a proxy adds by itself. */
const ownHeaders =
  /^(?:accept-encoding|connection|content-length|expect|forwarded|host|keep-alive|proxy-.*|sec-.*|te|trailer|transfer-encoding|upgrade|via|x-forwarded-.*|x-real-ip|x-litellm-tags|x-tollgate-.*)$/;

/** The form of a logged call, with what of it was not kept in words. */
export function formOfLog(log: LogDetailReply, hasMasterKey: boolean): TestForm {
  const empty = emptyForm(hasMasterKey);
  const { request } = log;
  const method = methodOf(request?.method ?? log.method) ?? "POST";
  if (request === undefined) {
    const note =
      "This call's bodies were not logged: only its method is known. Choose its route, and write the rest.";
    return { ...empty, method, notes: [note] };
  }
  const { url, headers } = request;
  const names = Object.keys(headers).filter((name) => !ownHeaders.test(name.toLowerCase()));
  const isKept = (name: string) => !(headers[name] ?? "").includes(redacted);
  const { body, notes } = bodyOf(request);
  const isDecoded = body.kind !== "none";
  const kept = names.filter(
    (name) => isKept(name) && !(isDecoded && name.toLowerCase() === "content-encoding"),
  );
  return {
    ...empty,
    method,
    path: url,
    headers: kept.map((name) => ({ name, value: headers[name] ?? "" })),
    body,
    notes: [...headerNotes(names.filter((name) => !isKept(name))), ...urlNotes(url), ...notes],
  };
}

function headerNotes(leftOut: readonly string[]): string[] {
  if (leftOut.length === 0) return [];
  return [
    `Left out, since the log keeps no secrets: ${leftOut.join(", ")}. The chosen key takes the place of the caller's.`,
  ];
}

function urlNotes(url: string): string[] {
  return url.includes(redacted)
    ? ["A secret of the query was not logged: put it in the place of [redacted]."]
    : [];
}

type LoggedRequest = NonNullable<LogDetailReply["request"]>;

function bodyOf(request: LoggedRequest): {
  readonly body: TestBody;
  readonly notes: readonly string[];
} {
  const { body: text, body_base64: base64, bytes, truncated, headers } = request;
  if (bytes === 0) return { body: emptyBody, notes: [] };
  const cut = truncated
    ? ["The body is longer than what was logged of it: its end is missing."]
    : [];
  if (base64 !== null) {
    const [type = ""] = headerOf(headers, "content-type").split(";"); // a file's type is in lower case, which boundaries are not
    const file = fileOf(base64, type.trim());
    const kind: BodyKind = file === null ? "none" : "file";
    return { body: { ...emptyBody, kind, file }, notes: cut };
  }
  if (text === null || text.startsWith("[not kept")) {
    return { body: emptyBody, notes: ["The body was not kept: choose it anew."] };
  }
  const isJson = /json/i.test(headerOf(headers, "content-type")) || jsonOf(text) !== undefined;
  const body: TestBody = isJson
    ? { ...emptyBody, kind: "json", json: text }
    : { ...emptyBody, kind: "text", text };
  const masked = text.includes(redacted) || /\*{6,}/.test(text);
  const secret = masked
    ? ["The body may hold masks in the place of secrets: look for asterisks and [redacted]."]
    : [];
  return { body, notes: [...cut, ...secret] };
}

function fileOf(base64: string, type: string): File | null {
  const bytes = bytesOfBase64(base64);
  return bytes === null ? null : new File([bytes], "logged-body", { type });
}

function headerOf(headers: Readonly<Record<string, string>>, name: string): string {
  return Object.entries(headers).find(([one]) => one.toLowerCase() === name)?.[1] ?? "";
}
