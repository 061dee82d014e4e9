import { api } from "../../api.ts";
import { sentBodyKind, type TestForm } from "./form.ts";
import { headerOf, orderOf } from "./order.ts";

/** Sends a form without faults as `POST /ui/test`; the reply's events as bytes. Throws an `ApiError`. */
export async function sendTest(
  form: TestForm,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const { body, contentType } = await wireBody(form);
  const order = headerOf(orderOf(form, contentType));
  const { body: events } = await api.raw("/ui/test", {
    method: "POST",
    headers: { "x-tollgate-test": order },
    bytes: body,
    signal,
  });
  if (events === null) throw new Error("The gateway answered without a body.");
  return events;
}

interface WireBody {
  readonly body: Uint8Array<ArrayBuffer> | File | null;
  /** Of a form alone: it holds the boundary. */
  readonly contentType: string | null;
}

async function wireBody(form: TestForm): Promise<WireBody> {
  const { json, text, file, parts } = form.body;
  switch (sentBodyKind(form)) {
    case "none":
      return { body: null, contentType: null };
    case "json":
      return { body: new TextEncoder().encode(json), contentType: null };
    case "text":
      return { body: new TextEncoder().encode(text), contentType: null };
    case "file":
      return { body: file, contentType: null };
    case "form":
      return formBody(parts);
  }
}

async function formBody(parts: TestForm["body"]["parts"]): Promise<WireBody> {
  const data = new FormData();
  for (const { name, value, file, isFile } of parts) {
    if (name === "") continue;
    if (isFile && file !== null) data.append(name, file);
    else data.append(name, value);
  }
  const written = new Response(data);
  const contentType = written.headers.get("content-type");
  return { body: new Uint8Array(await written.arrayBuffer()), contentType };
}

/** The body as text, to compare it with what went up; null where it is none. */
export function typedText(form: TestForm): string | null {
  const kind = sentBodyKind(form);
  if (kind === "json") return form.body.json;
  return kind === "text" ? form.body.text : null;
}
