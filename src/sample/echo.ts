import type { Target } from "./target.ts";

/** Longer bodies are hashed as they pass and not shown. */
const maxShownBytes = 64 * 1024;

/** What a request was, as it arrived here. */
export interface Echo {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  /**
   * As the runtime hands them on: names in lower case, equal names joined by a comma. Of values that sound like
   * secrets only the end: a route's own credential is not for its callers.
   */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Size and SHA-256 of the raw body, in any framing: multipart is not taken apart. */
  readonly bytes: number;
  readonly sha256: string;
  /** The body where it is UTF-8 and at most 64 KiB, else null. */
  readonly body: string | null;
}

/** Answers any request with what it was. The body streams through the hash; its first 64 KiB at most are kept. */
export async function echo(request: Request, { path, query }: Target): Promise<Response> {
  const { bytes, sha256, start } = await digest(request.body);
  const answer: Echo = {
    method: request.method,
    path,
    query,
    headers: [...request.headers].map(([name, value]) => [name, shown(name, value)]),
    bytes,
    sha256,
    body: bytes === start.length ? utf8(start) : null,
  };
  return Response.json(answer);
}

const secretName = /auth|key|token|secret|password|cookie/i;
const shownChars = 4;

function shown(name: string, value: string): string {
  if (!secretName.test(name)) return value;
  return "********" + (value.length > 2 * shownChars ? value.slice(-shownChars) : "");
}

async function digest(body: ReadableStream<Uint8Array> | null) {
  const hash = new Bun.CryptoHasher("sha256");
  const start: Uint8Array[] = [];
  let kept = 0;
  let bytes = 0;
  for await (const chunk of body ?? []) {
    hash.update(chunk);
    bytes += chunk.length;
    if (kept < maxShownBytes) {
      const part = chunk.slice(0, maxShownBytes - kept); // a copy: the rest of the chunk can go
      start.push(part);
      kept += part.length;
    }
  }
  return { bytes, sha256: hash.digest("hex"), start: Buffer.concat(start) };
}

function utf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
