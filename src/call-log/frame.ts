/**
 * One call as bytes: nine numbers, the call's id, its head as JSON, what of its own must not be written down, both
 * bodies. So it goes to the log's thread; so, without the secrets and with the codings taken off, it is stored.
 */
export interface Frame {
  readonly id: string;
  /** A `FrameHead` as JSON. */
  readonly head: string;
  /** Of this call: to be taken out of its bodies. */
  readonly secrets: readonly string[];
  /** Kept of each body. */
  readonly maxBytes: number;
  readonly request: FramedBody;
  readonly reply: FramedBody;
}

export interface FramedBody {
  readonly bytes: Uint8Array;
  readonly isCut: boolean;
  readonly coding: Coding;
}

export interface FrameHead {
  readonly method: string;
  readonly url: string;
  readonly requestHeaders: Readonly<Record<string, string>>;
  /** As they passed, cut or not. */
  readonly requestBytes: number;
  /** 0 where no reply came. */
  readonly status: number;
  readonly replyHeaders: Readonly<Record<string, string>>;
  readonly replyBytes: number;
}

/** How a body's bytes are coded. `unknown`: in a way that is not ours to read. */
export const codings = ["identity", "gzip", "deflate", "br", "zstd", "unknown"] as const;
export type Coding = (typeof codings)[number];

/** What a `content-encoding` says. */
export function codingOf(header: string | undefined): Coding {
  const name = (header ?? "identity").trim().toLowerCase();
  if (name === "" || name === "identity") return "identity";
  const plain = name === "x-gzip" ? "gzip" : name;
  return codings.find((coding) => coding === plain) ?? "unknown";
}

/** The first of them is 0: what ends a body is not taken to go on here. */
const numbersBytes = 36;

/** The most that a frame takes. */
export function roomForFrame({ id, head, secrets, request, reply }: Frame): number {
  const texts = secrets.reduce(
    (sum, secret) => sum + secret.length * 6 + 3,
    id.length + head.length,
  );
  return numbersBytes + texts * 3 + request.bytes.length + reply.bytes.length;
}

/** Writes a frame at `offset`, where there is room for it; returns where it ends. */
export function putFrame(into: Buffer, offset: number, frame: Frame): number {
  const { id, head, secrets, request, reply } = frame;
  let end = offset + numbersBytes;
  const put = (text: string) => {
    const length = into.write(text, end);
    end += length;
    return length;
  };
  const idLength = put(id);
  const headLength = put(head);
  const secretsLength = secrets.length === 0 ? 0 : put(JSON.stringify(secrets));
  into.set(request.bytes, end);
  end += request.bytes.length;
  into.set(reply.bytes, end);
  end += reply.bytes.length;
  const flags =
    (request.isCut ? 1 : 0) |
    (reply.isCut ? 2 : 0) |
    (codings.indexOf(request.coding) << 4) |
    (codings.indexOf(reply.coding) << 8);
  const numbers = [0, end - offset, idLength, headLength, secretsLength];
  [...numbers, request.bytes.length, reply.bytes.length, frame.maxBytes, flags].forEach(
    (number, index) => into.writeUInt32LE(number, offset + index * 4),
  );
  return end;
}

/** The frames in these bytes. The bodies are views. Throws where it is damaged. */
export function* framesIn(bytes: Buffer): Generator<Frame> {
  for (let offset = 0; offset < bytes.length;) {
    const number = (index: number) => bytes.readUInt32LE(offset + index * 4);
    const total = number(1);
    if (total < numbersBytes || offset + total > bytes.length) throw new Error("a damaged frame");
    let end = offset + numbersBytes;
    const part = (length: number) => bytes.subarray(end, (end += length));
    const id = part(number(2)).toString("latin1");
    const head = part(number(3)).toString();
    const secrets = part(number(4));
    const flags = number(8);
    yield {
      id,
      head,
      secrets: secrets.length === 0 ? [] : JSON.parse(secrets.toString()),
      maxBytes: number(7),
      request: {
        bytes: part(number(5)),
        isCut: (flags & 1) !== 0,
        coding: codings[(flags >> 4) & 15] ?? "unknown",
      },
      reply: {
        bytes: part(number(6)),
        isCut: (flags & 2) !== 0,
        coding: codings[(flags >> 8) & 15] ?? "unknown",
      },
    };
    offset += total;
  }
}
