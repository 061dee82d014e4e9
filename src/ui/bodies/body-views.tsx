import "./bodies.css";
import { useMemo } from "react";
import { JsonView } from "../parts/json-view.tsx";
import type { View } from "../parts/views.tsx";
import { HexView } from "./hex-view.tsx";
import { treeOf } from "./json-body.ts";
import { LongText } from "./long-text.tsx";
import type { Media } from "./media.ts";
import { MediaGallery, MediaView } from "./media-view.tsx";

/** A JSON body as a tree, with the pictures and sounds in it. `label`: which body it is. */
export function treeView(value: object, label: string): View {
  return { id: "tree", label: "Tree", content: () => <Tree value={value} label={label} /> };
}

/** A body as text. */
export function textView(text: string, label: string): View {
  return { id: "text", label: "Text", content: () => <LongText text={text} label={label} /> };
}

/** A body byte by byte. */
export function hexView(bytes: Uint8Array, label: string): View {
  return { id: "hex", label: "Hex", content: () => <HexView bytes={bytes} label={label} /> };
}

/** A body as a picture, or as something that is played. */
export function mediaView(media: Media, bytes: Uint8Array<ArrayBuffer>, label: string): View {
  const content = () => <MediaView media={media} bytes={bytes} label={label} />;
  return { id: "media", label: media.kind === "image" ? "Picture" : "Player", content };
}

function Tree({ value, label }: { readonly value: object; readonly label: string }) {
  const tree = useMemo(() => treeOf(value), [value]);
  return (
    <div className="stack">
      <JsonView value={tree} label={label} />
      <MediaGallery value={value} />
    </div>
  );
}
