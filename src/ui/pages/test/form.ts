import type { Method } from "../../methods.ts";
import type { Pair } from "../../parts/pairs-record.ts";

/** A part of a form body: a value, or a file. */
export interface FormPart {
  readonly name: string;
  readonly value: string;
  /** Null: the value is sent. */
  readonly file: File | null;
  readonly isFile: boolean;
}

/** All bodies that were made are kept, so that looking at another kind loses nothing. */
export interface TestBody {
  readonly kind: BodyKind;
  readonly json: string;
  readonly text: string;
  readonly file: File | null;
  readonly parts: readonly FormPart[];
}

export type BodyKind = "none" | "json" | "text" | "file" | "form";

/** The key that the call shows. */
export type TestKey =
  | { readonly kind: "master" }
  | { readonly kind: "none" }
  | { readonly kind: "key"; readonly id: string; readonly name: string }
  | { readonly kind: "text"; readonly key: string };

/** The call as it stands in the form. */
export interface TestForm {
  readonly method: Method;
  /** With its query. */
  readonly path: string;
  readonly headers: readonly Pair[];
  readonly body: TestBody;
  readonly key: TestKey;
  /** What has to be known of where it came from, as values that a log does not keep. */
  readonly notes: readonly string[];
}

export const emptyBody: TestBody = { kind: "none", json: "", text: "", file: null, parts: [] };

/** Nothing chosen yet. */
export function emptyForm(hasMasterKey: boolean): TestForm {
  return {
    method: "GET",
    path: "",
    headers: [],
    body: emptyBody,
    key: { kind: hasMasterKey ? "master" : "none" },
    notes: [],
  };
}

/** Requests of these methods go without a body. */
export function takesBody(method: Method): boolean {
  return method !== "GET" && method !== "HEAD";
}

/** What will be sent. */
export function sentBodyKind({ method, body }: Pick<TestForm, "method" | "body">): BodyKind {
  return takesBody(method) ? body.kind : "none";
}

/** Headers whose values are hidden while they are typed, and are left to a variable in code that is copied. */
export function isSecretName(name: string): boolean {
  return /auth|cookie|credential|key|passw|secret|signature|token/i.test(name.trim());
}
