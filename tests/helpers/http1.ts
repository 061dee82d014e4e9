/** HTTP/1.1 as a test sees it: every byte is kept, nothing is repaired. Strings are latin1, one character a byte. */

/** A message's start line and header lines as they came, without their line ends. */
export interface Head {
  readonly startLine: string;
  readonly lines: readonly string[];
  /** Bytes the head takes, its empty line included. */
  readonly length: number;
}

/** How the end of a body is found. */
export type Framing =
  | { readonly kind: "none" }
  | { readonly kind: "length"; readonly length: number }
  | { readonly kind: "chunked" }
  | { readonly kind: "close" };

/** The head at the start of `bytes`, or null while its empty line has not come. */
export function readHead(bytes: Buffer): Head | null {
  const end = bytes.indexOf("\r\n\r\n");
  if (end === -1) return null;
  const [startLine = "", ...lines] = bytes.toString("latin1", 0, end).split("\r\n");
  return { startLine, lines, length: end + 4 };
}

/** Header lines as name and value, in order; a line without a colon has an empty value. */
export function headerList(lines: readonly string[]): (readonly [string, string])[] {
  return lines.map((line) => {
    const colon = line.indexOf(":");
    return colon === -1
      ? ([line, ""] as const)
      : ([line.slice(0, colon), line.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, "")] as const);
  });
}

/** Every value of a header, in order; names compare without case. */
export function headerValues(lines: readonly string[], name: string): string[] {
  return headerList(lines)
    .filter(([each]) => each.toLowerCase() === name.toLowerCase())
    .map(([, value]) => value);
}

/** What the header lines say of the body; `otherwise` where they say nothing. */
export function framingOf(lines: readonly string[], otherwise: Framing): Framing {
  if (headerValues(lines, "transfer-encoding").some((value) => /chunked/i.test(value))) {
    return { kind: "chunked" };
  }
  const length = headerValues(lines, "content-length")[0];
  return length === undefined ? otherwise : { kind: "length", length: Number(length) };
}

/** Reads one body as its bytes come in. */
export interface BodyReader {
  /** Takes bytes; returns those behind the end of the body. */
  feed(bytes: Buffer): Buffer;
  /** True once the body has come to its framed end. */
  readonly complete: boolean;
  /** A fault of the chunked coding, or null. */
  readonly fault: string | null;
  /** The decoded bytes so far, at most as many as were asked to be kept. */
  body(): Buffer;
  /** How many decoded bytes have come, kept or not. */
  readonly size: number;
}

const nothing = Buffer.alloc(0);

/** Makes the reader for a framing; only the first `keep` bytes stay in memory. */
export function bodyReader(framing: Framing, keep = Infinity): BodyReader {
  const kept: Buffer[] = [];
  let size = 0;
  let complete = framing.kind === "none" || (framing.kind === "length" && framing.length === 0);
  const chunks = chunkedReader(take);
  function take(bytes: Buffer) {
    if (size < keep) kept.push(Buffer.from(bytes.subarray(0, keep - size)));
    size += bytes.length;
  }
  return {
    feed(bytes) {
      if (complete) return bytes;
      if (framing.kind === "chunked") {
        const rest = chunks.feed(bytes);
        complete = chunks.done();
        return rest;
      }
      const wanted = framing.kind === "length" ? framing.length - size : bytes.length;
      take(bytes.subarray(0, wanted));
      complete = framing.kind === "length" && size === framing.length;
      return bytes.subarray(wanted);
    },
    body: () => Buffer.concat(kept),
    get complete() {
      return complete;
    },
    get fault() {
      return chunks.fault();
    },
    get size() {
      return size;
    },
  };
}

/** The chunked coding of RFC 9112 §7.1, read piece by piece; extensions and trailers are skipped. */
function chunkedReader(take: (bytes: Buffer) => void) {
  let pending: Buffer = nothing;
  let state: "size" | "data" | "data-end" | "trailer" | "done" = "size";
  let left = 0;
  let fault: string | null = null;

  function line(): string | null {
    const end = pending.indexOf("\r\n");
    if (end === -1) return null;
    const text = pending.toString("latin1", 0, end);
    pending = pending.subarray(end + 2);
    return text;
  }

  function step(): boolean {
    if (state === "data") {
      const piece = pending.subarray(0, left);
      take(piece);
      left -= piece.length;
      pending = pending.subarray(piece.length);
      if (left === 0) state = "data-end";
      return left === 0;
    }
    const text = line();
    if (text === null) return false;
    if (state === "size") {
      const digits = /^([0-9a-f]+)(?:[ \t]*;.*)?$/i.exec(text)?.[1];
      if (digits === undefined) fault = `chunk size ${JSON.stringify(text)}`;
      left = Number.parseInt(digits ?? "0", 16);
      state = left > 0 ? "data" : "trailer";
    } else if (state === "data-end") {
      if (text !== "") fault = "chunk longer than its size";
      state = "size";
    } else if (text === "") {
      state = "done";
    }
    return fault === null && state !== "done";
  }

  return {
    feed(bytes: Buffer): Buffer {
      pending = pending.length === 0 ? bytes : Buffer.concat([pending, bytes]);
      while (fault === null && state !== "done" && step());
      if (state !== "done") return nothing;
      const rest = pending;
      pending = nothing;
      return rest;
    },
    done: () => state === "done",
    fault: () => fault,
  };
}
