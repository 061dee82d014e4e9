import { useMemo } from "react";
import { bytes as bytesText, count } from "../../format.ts";
import { hexView, mediaView, textView, treeView } from "../../bodies/body-views.tsx";
import { jsonOf } from "../../bodies/json-body.ts";
import { type View, Views } from "../../parts/views.tsx";
import { mediaOf } from "../../bodies/media.ts";
import type { TestRun } from "./run.ts";
import { StreamBody } from "./stream-body.tsx";
import { joined, textOfBytes } from "./reply-bytes.ts";

/** The body of the reply: while it comes, and when it is there. */
export function ReplyBody({ run }: { readonly run: TestRun }) {
  const { head, stream, cut } = run;
  if (head === null)
    return <p className="muted">{run.isRunning ? "Waiting…" : "No reply came."}</p>;
  return (
    <>
      {cut !== null && <CutNote run={run} />}
      {stream !== null ? (
        <StreamBody run={run} stream={stream} />
      ) : run.isRunning ? (
        <p className="muted">{count(run.bytes)} bytes so far…</p>
      ) : (
        <WholeBody run={run} />
      )}
    </>
  );
}

function CutNote({ run }: { readonly run: TestRun }) {
  const isHidden = run.bytes === 0;
  return (
    <div className="note note-warn">
      <p className="note-title">
        {isHidden ? "The body cannot be shown" : "Only the beginning is shown"}
      </p>
      <p>
        {isHidden
          ? "It is compressed in a way that is not known here."
          : `${bytesText(run.bytes)} (${count(run.bytes)} bytes) are shown; ${run.end === null ? "the rest is still counted" : `${bytesText(run.end.bytes)} passed in all`}.`}
      </p>
    </div>
  );
}

const label = "Body of the reply";

function WholeBody({ run }: { readonly run: TestRun }) {
  const bytes = useMemo(() => joined(run.pieces), [run]);
  const views = useMemo(() => viewsOf(bytes, run.contentType()), [bytes, run]);
  if (bytes.length === 0) return run.cut === null ? <p className="muted">It has no body.</p> : null;
  return <Views label={label} views={views} />;
}

function viewsOf(bytes: Uint8Array<ArrayBuffer>, contentType: string): readonly View[] {
  const media = mediaOf(contentType);
  const hex = hexView(bytes, label);
  if (media !== null) {
    const text = media.type === "image/svg+xml" ? textOfBytes(bytes) : null;
    return [mediaView(media, bytes, label), ...(text === null ? [] : [textView(text, label)]), hex];
  }
  const text = textOfBytes(bytes);
  if (text === null) return [hex];
  const value = jsonOf(text);
  const tree = value === undefined ? [] : [treeView(value, label)];
  return [...tree, textView(text, label), hex];
}
