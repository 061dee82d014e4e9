import { isSecretName, sentBodyKind, takesBody, type TestForm } from "./form.ts";
import { sentPath, typedHeaders } from "./order.ts";
import { variableOf } from "./quoting.ts";

/** A header's value: a text, or what stands in a variable of the environment. */
export type SnippetValue =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "variable"; readonly before: string; readonly name: string };

export type SnippetPart =
  | { readonly kind: "value"; readonly name: string; readonly value: string }
  | { readonly kind: "file"; readonly name: string; readonly file: string; readonly type: string };

export type SnippetBody =
  | { readonly kind: "none" }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "file"; readonly name: string }
  | { readonly kind: "form"; readonly parts: readonly SnippetPart[] };

/** A call to be written as code. */
export interface SnippetCall {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: SnippetValue])[];
  readonly body: SnippetBody;
}

/** The variable that stands for the key. */
const keyVariable = "TOLLGATE_KEY";

/** The call of a form, without its secrets. `origin`: the gateway's, as `http://localhost:4000`. */
export function snippetCallOf(form: TestForm, origin: string): SnippetCall {
  const body = bodyOf(form);
  const typed = typedHeaders(form).filter(
    ([name]) => body.kind !== "form" || name.toLowerCase() !== "content-type", // whoever writes the form sets its boundary
  );
  const hasOwn = typed.some(([name]) => name.toLowerCase() === "authorization");
  const key: SnippetValue = { kind: "variable", before: "Bearer ", name: keyVariable };
  return {
    method: form.method,
    url: origin + sentPath(form.path),
    headers: [
      ...(form.key.kind === "none"
        ? []
        : [[hasOwn ? "x-litellm-api-key" : "authorization", key] as const]),
      ...typed.map(([name, value]) => [name, valueOf(name, value)] as const),
    ],
    body: takesBody(form.method) ? body : { kind: "none" },
  };
}

function valueOf(name: string, value: string): SnippetValue {
  if (!isSecretName(name) || value === "") return { kind: "text", text: value };
  const [before = ""] = /^(?:bearer|basic|token) +/i.exec(value) ?? [];
  return { kind: "variable", before, name: variableOf(name) };
}

function bodyOf(form: TestForm): SnippetBody {
  const { json, text, file, parts } = form.body;
  switch (sentBodyKind(form)) {
    case "none":
      return { kind: "none" };
    case "json":
      return { kind: "text", text: json };
    case "text":
      return { kind: "text", text };
    case "file":
      return { kind: "file", name: file?.name ?? "file" };
    case "form":
      return { kind: "form", parts: parts.filter(({ name }) => name !== "").map(partOf) };
  }
}

function partOf({ name, value, file, isFile }: TestForm["body"]["parts"][number]): SnippetPart {
  if (!isFile) return { kind: "value", name, value };
  return {
    kind: "file",
    name,
    file: file?.name ?? "file",
    type: file?.type || "application/octet-stream",
  };
}
