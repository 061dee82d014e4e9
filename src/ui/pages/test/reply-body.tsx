import { useMemo } from "react";
import { bytes as bytesText, count } from "../../format.ts";
import { JsonView } from "../../parts/json-view.tsx";
import { jsonOf, treeOf } from "../logs/body.ts";
import { Choice, type View } from "../logs/choice.tsx";
import { HexView } from "../logs/hex-view.tsx";
import { LongText } from "../logs/long-text.tsx";
import { mediaOf } from "../logs/media.ts";
import { MediaGallery, MediaView } from "../logs/media-view.tsx";
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
  return <Choice label={label} views={views} />;
}

function viewsOf(bytes: Uint8Array<ArrayBuffer>, contentType: string): readonly View[] {
  const media = mediaOf(contentType);
  const hex = { id: "hex", label: "Hex", content: () => <HexView bytes={bytes} label={label} /> };
  if (media !== null) {
    const content = () => <MediaView media={media} bytes={bytes} label={label} />;
    const seen = { id: "media", label: media.kind === "image" ? "Picture" : "Player", content };
    const text = media.type === "image/svg+xml" ? textOfBytes(bytes) : null;
    return text === null ? [seen, hex] : [seen, textView(text), hex];
  }
  const text = textOfBytes(bytes);
  if (text === null) return [hex];
  const asText = textView(text);
  const value = jsonOf(text);
  if (value === undefined) return [asText, hex];
  return [{ id: "tree", label: "Tree", content: () => <Tree value={value} /> }, asText, hex];
}

function textView(text: string): View {
  return { id: "text", label: "Text", content: () => <LongText text={text} label={label} /> };
}

function Tree({ value }: { readonly value: object }) {
  const tree = useMemo(() => treeOf(value), [value]);
  return (
    <div className="stack">
      <JsonView value={tree} label={label} />
      <MediaGallery value={value} />
    </div>
  );
}
