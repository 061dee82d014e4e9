import { useMemo } from "react";
import { bytes as bytesText, count } from "../../format.ts";
import type { LoggedBodyReply } from "../../replies.ts";
import { hexView, mediaView, textView, treeView } from "../../bodies/body-views.tsx";
import { LongText } from "../../bodies/long-text.tsx";
import { type View, Views } from "../../parts/views.tsx";
import { type BodyForm, formOf } from "./body.ts";
import { EventList } from "./event-list.tsx";

export interface BodyViewProps {
  /** `Request body`. */
  readonly label: string;
  readonly body: LoggedBodyReply;
  /** What a stream says when it is put together. */
  readonly assembled?: string | null;
}

/** A body as what it is: a tree, events, a picture, a sound, text, bytes. */
export function BodyView({ label, body, assembled = null }: BodyViewProps) {
  const form = useMemo(() => formOf(body), [body]);
  return (
    <div className="stack">
      {body.truncated && <Truncated body={body} />}
      {form.kind === "empty" && <p className="muted">It is empty.</p>}
      {form.kind === "missing" && <p className="muted">The log has no text of it: {form.words}</p>}
      <Views label={label} views={[...together(assembled, label), ...viewsOf(form, label)]} />
    </div>
  );
}

function Truncated({ body }: { readonly body: LoggedBodyReply }) {
  const kept =
    body.body_base64 === null
      ? new TextEncoder().encode(body.body ?? "").length
      : Math.floor((body.body_base64.replace(/=+$/, "").length * 3) / 4);
  return (
    <div className="note note-warn">
      <p className="note-title">Only the beginning was kept</p>
      <p>
        {bytesText(body.bytes)} ({count(body.bytes)} bytes) passed; what is shown is{" "}
        {bytesText(kept)}. The route’s log settings say how much is kept of each body.
      </p>
    </div>
  );
}

function together(assembled: string | null, label: string): readonly View[] {
  if (assembled === null || assembled === "") return [];
  const content = () => <LongText text={assembled} label={`${label}, put together`} />;
  return [{ id: "together", label: "Put together", content }];
}

function viewsOf(form: BodyForm, label: string): readonly View[] {
  if (form.kind === "json") {
    return [treeView(form.value, label), textView(form.text, label)];
  }
  if (form.kind === "events") {
    const content = () => <EventList read={form.read} />;
    const events = `Events (${count(form.read.events.length)})`;
    return [{ id: "events", label: events, content }, textView(form.text, label)];
  }
  if (form.kind === "text") return [textView(form.text, label)];
  if (form.kind === "bytes") return [hexView(form.bytes, label)];
  if (form.kind !== "media") return [];
  const { media, bytes } = form;
  const seen = mediaView(media, bytes, label);
  if (media.type !== "image/svg+xml") return [seen, hexView(bytes, label)];
  return [seen, textView(new TextDecoder().decode(bytes), label)];
}
