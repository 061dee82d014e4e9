import { contentCodings } from "../core/content-codings.ts";

/**
 * One call as bytes: ten numbers, the call's id, its head as JSON, both bodies, what its reply says, what of its own must
 * not be written down. So it goes to the log's thread; so, without the secrets and with the codings taken off, it is
 * stored.
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
  /** What a stream of events says when it is put together, in UTF-8; of stored frames only. */
  readonly said?: Uint8Array | null;
}

export interface FramedBody {
  readonly bytes: Uint8Array;
  readonly isCut: boolean;
  /** The one that was put on last. */
  readonly coding: Coding;
  /** The one below it, where there are two. */
  readonly under?: Coding;
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

/**
 * How a body's bytes are coded. `unknown`: in a way that is not ours to read. Stored without any bytes: `unread` could
 * not be searched for secrets; `pieces` held one in pieces.
 */
const codings = [
  "identity",
  "gzip",
  "deflate",
  "br",
  "zstd",
  "unknown",
  "unread",
  "pieces",
] as const;
export type Coding = (typeof codings)[number];

/** What a `content-encoding` says. */
export function codingsOf(header: string | undefined): Pick<FramedBody, "coding" | "under"> {
  const found = header === undefined ? [] : contentCodings(header);
  if (found === null) return { coding: "unknown" };
  const [under = "identity", coding] = found;
  return coding === undefined ? { coding: under } : { coding, under };
}

/** The first of them is 0: what ends a body is not taken to go on here. */
const numbersBytes = 40;

/** The most that a frame takes. */
export function roomForFrame({ id, head, secrets, request, reply, said }: Frame): number {
  const texts = secrets.reduce(
    (sum, secret) => sum + secret.length * 6 + 3,
    id.length + head.length,
  );
  return (
    numbersBytes + texts * 3 + request.bytes.length + reply.bytes.length + (said?.length ?? 0) + 2
  );
}

/** Writes a frame at `offset`, where there is room for it; returns where it ends. */
export function putFrame(into: Buffer, offset: number, frame: Frame): number {
  const { id, head, secrets, request, reply, said = null } = frame;
  let end = offset + numbersBytes;
  const put = (text: string) => {
    const length = into.write(text, end);
    end += length;
    return length;
  };
  const idLength = put(id);
  const headLength = put(head);
  into.set(request.bytes, end);
  end += request.bytes.length;
  into[end++] = 0; // what ends one body is not taken to go on in the next
  into.set(reply.bytes, end);
  end += reply.bytes.length;
  into[end++] = 0;
  if (said !== null) into.set(said, end);
  end += said?.length ?? 0;
  const secretsLength = secrets.length === 0 ? 0 : put(JSON.stringify(secrets));
  let at = into.writeUInt32LE(0, offset);
  at = into.writeUInt32LE(end - offset, at);
  at = into.writeUInt32LE(idLength, at);
  at = into.writeUInt32LE(headLength, at);
  at = into.writeUInt32LE(secretsLength, at);
  at = into.writeUInt32LE(request.bytes.length, at);
  at = into.writeUInt32LE(reply.bytes.length, at);
  at = into.writeUInt32LE(frame.maxBytes, at);
  at = into.writeUInt32LE(flagsOf(request) | (flagsOf(reply) << 12), at);
  into.writeUInt32LE(said === null ? 0 : said.length + 1, at);
  return end;
}

/** Twelve bits. */
function flagsOf({ isCut, coding, under = "identity" }: FramedBody): number {
  return (isCut ? 1 : 0) | (codings.indexOf(coding) << 4) | (codings.indexOf(under) << 8);
}

function bodyOf(bytes: Uint8Array, flags: number): FramedBody {
  const coding = codings[(flags >> 4) & 15] ?? "unknown";
  const under = codings[(flags >> 8) & 15] ?? "unknown";
  const isCut = (flags & 1) !== 0;
  return under === "identity" ? { bytes, isCut, coding } : { bytes, isCut, coding, under };
}

/** The frames in these bytes. The bodies are views. Throws where it is damaged. */
export function* framesIn(bytes: Buffer): Generator<Frame> {
  for (let offset = 0; offset < bytes.length; offset += lengthAt(bytes, offset)) {
    yield frameAt(bytes, offset);
  }
}

/** How long the frame is that begins here. Throws where it is damaged. */
export function lengthAt(bytes: Buffer, offset: number): number {
  const length = bytes.readUInt32LE(offset + 4);
  if (length < numbersBytes || offset + length > bytes.length) throw new Error("a damaged frame");
  return length;
}

/** The frame that begins here. Throws where it is damaged. */
export function frameAt(bytes: Buffer, offset: number): Frame {
  const number = (index: number) => bytes.readUInt32LE(offset + index * 4);
  const behind = offset + lengthAt(bytes, offset);
  let end = offset + numbersBytes;
  const part = (length: number) => bytes.subarray(end, (end += length));
  const id = bytes.toString("latin1", end, (end += number(2)));
  const head = bytes.toString("utf8", end, (end += number(3)));
  const flags = number(8);
  const request = bodyOf(part(number(5)), flags);
  end++;
  const reply = bodyOf(part(number(6)), flags >> 12);
  end++;
  const saidBytes = number(9);
  const said = saidBytes === 0 ? null : part(saidBytes - 1);
  const secrets =
    number(4) === 0 ? [] : JSON.parse(bytes.toString("utf8", behind - number(4), behind));
  return {
    id,
    head,
    secrets,
    maxBytes: number(7),
    request,
    reply,
    said,
  };
}

/** Copies the frame that begins at `offset`, without its secrets, to `at`; returns where it ends. */
export function copyFrame(bytes: Buffer, offset: number, into: Buffer, at: number): number {
  const length = lengthAt(bytes, offset) - bytes.readUInt32LE(offset + 16);
  bytes.copy(into, at, offset, offset + length);
  into.writeUInt32LE(length, at + 4);
  into.writeUInt32LE(0, at + 16);
  return at + length;
}
