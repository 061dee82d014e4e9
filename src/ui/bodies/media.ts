/** What a browser may show as a picture or play: never as a document of its own. */
export type MediaKind = "image" | "audio" | "video";

export interface Media {
  readonly kind: MediaKind;
  /** One of the list below, whatever the reply said beside it. */
  readonly type: string;
}

const types: readonly (readonly [pattern: RegExp, kind: MediaKind])[] = [
  [/^image\/(?:png|jpeg|gif|webp|avif|bmp|svg\+xml|x-icon|vnd\.microsoft\.icon)$/, "image"],
  [/^audio\/(?:mpeg|mp3|mp4|aac|ogg|opus|wav|x-wav|wave|flac|x-flac|webm)$/, "audio"],
  [/^video\/(?:mp4|webm|ogg)$/, "video"],
];

/** Of a content type; null for what is not shown as media. */
export function mediaOf(contentType: string): Media | null {
  const type = baseType(contentType);
  const known = types.find(([pattern]) => pattern.test(type));
  return known === undefined ? null : { kind: known[1], type };
}

/** `image/png` of `image/PNG; charset=x`. */
export function baseType(contentType: string): string {
  return (contentType.split(";")[0] ?? "").trim().toLowerCase();
}

/** How the base64 of well-known files begins. */
const beginnings: readonly (readonly [start: string, type: string])[] = [
  ["iVBORw0KGgo", "image/png"],
  ["/9j/", "image/jpeg"],
  ["R0lGOD", "image/gif"],
  ["SUQz", "audio/mpeg"],
  ["//uQ", "audio/mpeg"],
  ["//NE", "audio/mpeg"],
  ["T2dnUw", "audio/ogg"],
  ["ZkxhQ", "audio/flac"],
];

/** A picture or a sound that stands in a JSON value. */
export interface FoundMedia extends Media {
  /** Where: `data[0].b64_json`. */
  readonly place: string;
  readonly base64: string;
}

const shortest = 64;
const mostFound = 12;
const mostVisited = 50_000;

/** No deeper than the tree beside them shows: a body may be nested as deep as it is long. */
const deepest = 60;

/** Pictures and sounds in a JSON value, as data URLs or as bare base64; the first dozen. */
export function mediaIn(value: unknown): readonly FoundMedia[] {
  const found: FoundMedia[] = [];
  let visited = 0;
  const visit = (part: unknown, place: string, depth: number): void => {
    if (found.length >= mostFound || depth > deepest || ++visited > mostVisited) return;
    if (typeof part === "string") {
      const media = mediaOfText(part);
      if (media !== null) found.push({ ...media, place });
    } else if (Array.isArray(part)) {
      for (const [index, member] of part.entries()) visit(member, `${place}[${index}]`, depth + 1);
    } else if (typeof part === "object" && part !== null) {
      for (const [name, member] of Object.entries(part)) {
        visit(member, place === "" ? name : `${place}.${name}`, depth + 1);
      }
    }
  };
  visit(value, "", 0);
  return found;
}

function mediaOfText(text: string): Omit<FoundMedia, "place"> | null {
  if (text.length < shortest) return null;
  if (text.startsWith("data:")) return mediaOfUrl(text);
  const type = beginnings.find(([start]) => text.startsWith(start))?.[1] ?? riffType(text);
  const media = type === null ? null : mediaOf(type);
  return media === null || !/^[\w+/=-]+$/.test(text) ? null : { ...media, base64: text };
}

function mediaOfUrl(url: string): Omit<FoundMedia, "place"> | null {
  const comma = url.slice(0, 120).indexOf(",");
  const head = url.slice("data:".length, Math.max(comma, 0));
  const media = head.endsWith(";base64") ? mediaOf(head) : null;
  return media === null ? null : { ...media, base64: url.slice(comma + 1) };
}

/** WAV and WebP begin alike. */
function riffType(text: string): string | null {
  if (!text.startsWith("UklGR")) return null;
  try {
    const head = atob(text.slice(0, 16));
    if (head.slice(8, 12) === "WEBP") return "image/webp";
    return head.slice(8, 12) === "WAVE" ? "audio/wav" : null;
  } catch {
    return null;
  }
}
