/** What a reply reader tells, in order: `head`, `body` for each piece, `end`. */
export interface ReplyEvents {
  head?(status: number): void;
  body?(bytes: Uint8Array): void;
  end(): void;
}

type State = "head" | "length" | "size" | "chunk" | "chunk-end" | "trailer";

/**
 * Reads HTTP/1.1 replies off a socket, one after the other. Knows content-length and chunked, which is
 * all that the servers of this benchmark send; throws on anything else.
 */
export function createReplyReader(events: ReplyEvents): (bytes: Uint8Array) => void {
  let state: State = "head";
  let kept = Buffer.alloc(0);
  let left = 0;

  return (bytes) => {
    let rest =
      kept.length > 0
        ? Buffer.concat([kept, bytes])
        : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    kept = Buffer.alloc(0);
    while (rest.length > 0) {
      const used = step(rest);
      if (used === 0) {
        kept = Buffer.from(rest); // a copy: the socket uses its buffer again
        return;
      }
      rest = rest.subarray(used);
    }
  };

  function step(bytes: Buffer): number {
    if (state === "length" || state === "chunk") return takeBody(bytes);
    if (state === "head") return takeHead(bytes);
    const end = bytes.indexOf("\r\n");
    if (end < 0) return 0;
    if (state === "chunk-end") state = "size";
    else if (state === "size") startChunk(bytes.toString("latin1", 0, end));
    else if (end === 0) finish();
    return end + 2;
  }

  function takeHead(bytes: Buffer): number {
    const end = bytes.indexOf("\r\n\r\n");
    if (end < 0) return 0;
    const head = bytes.toString("latin1", 0, end + 2).toLowerCase();
    const length = /\ncontent-length: *(\d+)\r/.exec(head)?.[1];
    const chunked = head.includes("\ntransfer-encoding: chunked\r");
    if (!head.startsWith("http/1.1 ") || (!chunked && length === undefined)) {
      throw new Error(`not a reply this benchmark can read: ${head.slice(0, 200)}`);
    }
    events.head?.(Number(head.slice(9, 12)));
    left = Number(length ?? 0);
    state = chunked ? "size" : "length";
    if (!chunked && left === 0) finish();
    return end + 4;
  }

  function takeBody(bytes: Buffer): number {
    const piece = bytes.subarray(0, left);
    left -= piece.length;
    events.body?.(piece);
    if (left === 0 && state === "chunk") state = "chunk-end";
    else if (left === 0) finish();
    return piece.length;
  }

  function startChunk(line: string): void {
    left = Number.parseInt(line, 16);
    if (Number.isNaN(left)) throw new Error("not a chunk size");
    state = left === 0 ? "trailer" : "chunk";
  }

  function finish(): void {
    state = "head";
    events.end();
  }
}
