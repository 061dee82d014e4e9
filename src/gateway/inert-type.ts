/** Browsers show these as text or as a picture, play them, or save them; other images may be documents, as SVG is. */
const inert: ReadonlySet<string> = new Set([
  "application/gzip",
  "application/json",
  "application/jsonl",
  "application/pdf",
  "application/vnd.amazon.eventstream",
  "application/x-ndjson",
  "application/zip",
  "image/apng",
  "image/avif",
  "image/bmp",
  "image/gif",
  "image/heic",
  "image/heif",
  "image/jpeg",
  "image/jxl",
  "image/png",
  "image/tiff",
  "image/vnd.microsoft.icon",
  "image/webp",
  "image/x-icon",
  "text/csv",
  "text/event-stream",
  "text/plain",
]);

/** Any type may end in `+xml`, and then is a document that can hold scripts (mimesniff.spec.whatwg.org, 4.6). */
const inertKinds = /^(?:application\/[\w.-]+\+json|(?:audio|font|video)\/[\w.-]+)$/;

/** Longer ones are not looked into. */
const longest = 256;
const mostKnown = 512;

const known = new Map<string, boolean>();

/**
 * Whether a browser runs nothing of a reply with this `content-type`, opened as a page. What is missing, odd, several
 * types in one, or saved only by browsers that do not guess (`application/octet-stream`) is not inert.
 */
export function isInert(contentType: unknown): boolean {
  if (contentType === "application/json") return true;
  if (typeof contentType !== "string" || contentType.length > longest) return false;
  const told = known.get(contentType);
  if (told !== undefined) return told;
  const found = !contentType.includes(",") && isInertType(typeOf(contentType));
  if (known.size === mostKnown) known.clear();
  known.set(contentType, found);
  return found;
}

function isInertType(type: string): boolean {
  return inert.has(type) || inertKinds.test(type);
}

/** Without parameters; only blanks are taken off, as browsers do. */
function typeOf(contentType: string): string {
  const [type = ""] = contentType.split(";", 1);
  return type.replace(/[ \t]+$/, "").toLowerCase();
}
