import { useEffect, useMemo, useState } from "react";
import { bytes as bytesText } from "../format.ts";
import { bytesOfBase64 } from "./hex.ts";
import { type FoundMedia, type Media, mediaIn } from "./media.ts";
import { Shown } from "../parts/shown.tsx";

export interface MediaViewProps {
  readonly media: Media;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What it is a picture or a sound of. */
  readonly label: string;
}

/**
 * A picture or a sound out of a body, as a resource of this page and never as a document: in an `img` not even SVG runs
 * scripts or loads anything.
 */
export function MediaView({ media, bytes, label }: MediaViewProps) {
  const url = useBlobUrl(bytes, media.type);
  const [isBroken, setBroken] = useState(false);
  const broke = () => setBroken(true);
  if (url === null) return null;
  if (isBroken) {
    return <p className="muted">Your browser cannot show it: it is cut, or no {media.type}.</p>;
  }
  return (
    <figure className="body-media">
      {media.kind === "image" && <img src={url} alt={label} onError={broke} />}
      {media.kind === "audio" && <audio src={url} controls aria-label={label} onError={broke} />}
      {media.kind === "video" && <video src={url} controls aria-label={label} onError={broke} />}
      <figcaption className="muted">
        {media.type}, {bytesText(bytes.length)}
      </figcaption>
    </figure>
  );
}

function useBlobUrl(bytes: Uint8Array<ArrayBuffer>, type: string): string | null {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([bytes], { type }));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [bytes, type]);
  return url;
}

/** The pictures and sounds that stand in a JSON value. */
export function MediaGallery({ value }: { readonly value: unknown }) {
  const found = useMemo(() => mediaIn(value), [value]);
  if (found.length === 0) return null;
  return (
    <section className="body-gallery" aria-label="Pictures and sounds in this body">
      {found.map((one) => (
        <FoundView key={one.place} found={one} />
      ))}
    </section>
  );
}

function FoundView({ found }: { readonly found: FoundMedia }) {
  const bytes = useMemo(() => bytesOfBase64(found.base64), [found.base64]);
  return (
    <div>
      <p className="mono">
        <Shown text={found.place} />
      </p>
      {bytes === null ? (
        <p className="muted">Its base64 cannot be read.</p>
      ) : (
        <MediaView media={found} bytes={bytes} label={`In this body, at ${found.place}`} />
      )}
    </div>
  );
}
