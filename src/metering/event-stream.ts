import { hasMarker } from "./finder.ts";
import { Hold } from "./hold.ts";
import { Pace } from "./pace.ts";
import type { Reader } from "./reader.ts";
import { type Tally, textOf } from "./tally.ts";

const prelude = 12;
const smallest = 16;
/** A larger message is counted, not read. */
const largest = 1024 * 1024;
/** More than fits one message of AWS (16 MiB): what claims so is no event stream. */
const absurd = 32 * 1024 * 1024;

/** Of those that came before the decoder: counts are cumulative. */
const mostAtOnce = 512;

type Decode = (message: Uint8Array) => { readonly name: string | null; readonly json: string };

/**
 * AWS's event streams (`application/vnd.amazon.eventstream`): messages by length, with checksums. The JSON of each that
 * holds a marker is shown under its `:event-type`, or `:exception-type`.
 */
export class EventStream implements Reader {
  readonly #markers: readonly string[];
  readonly #tally: Tally;
  readonly #hold = new Hold();
  readonly #pace: Pace<Uint8Array>;
  /** Bytes of a message that is too large to be read, still to come. */
  #toSkip = 0;
  #isLost = false;
  /** Messages that came before the decoder was there. */
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #loading: Promise<void> | null = null;

  constructor(markers: readonly string[], tally: Tally) {
    this.#markers = markers;
    this.#tally = tally;
    this.#pace = new Pace(tally, (message) => this.#read(message));
  }

  chunk(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length && !this.#isLost) {
      if (this.#toSkip > 0) {
        const skipped = Math.min(this.#toSkip, bytes.length - at);
        this.#toSkip -= skipped;
        at += skipped;
      } else {
        at = this.#hold.length > 0 ? this.#continue(bytes, at) : this.#start(bytes, at);
      }
    }
    this.#pace.flush();
  }

  end(): void | Promise<void> {
    if (this.#loading !== null) return this.#loading;
  }

  /** A message that begins in this chunk. */
  #start(bytes: Uint8Array, at: number): number {
    if (bytes.length - at < prelude) {
      this.#hold.append(bytes, at, bytes.length);
      return bytes.length;
    }
    const total = uint32(bytes, at);
    if (!this.#isReadable(total)) {
      this.#toSkip = total;
      return at;
    }
    const end = at + total;
    if (end <= bytes.length) this.#message(bytes.subarray(at, end));
    else this.#hold.append(bytes, at, bytes.length);
    return Math.min(end, bytes.length);
  }

  /** A message whose beginning is held. */
  #continue(bytes: Uint8Array, from: number): number {
    let at = from;
    if (this.#hold.length < prelude) {
      const to = Math.min(bytes.length, at + prelude - this.#hold.length);
      this.#hold.append(bytes, at, to);
      at = to;
      if (this.#hold.length < prelude) return at;
    }
    const total = uint32(this.#hold.bytes(), 0);
    if (this.#hold.length === prelude && !this.#isReadable(total)) {
      this.#toSkip = total - prelude;
      this.#hold.clear();
      return at;
    }
    const to = Math.min(bytes.length, at + total - this.#hold.length);
    this.#hold.append(bytes, at, to);
    if (this.#hold.length === total) {
      this.#message(this.#hold.bytes());
      this.#hold.clear();
    }
    return to;
  }

  #isReadable(total: number): boolean {
    if (total >= smallest && total <= largest) return true;
    this.#tally.isUnparsed = true;
    this.#isLost = total < smallest || total > absurd;
    if (!this.#isLost) this.#tally.messages += 1;
    return false;
  }

  #message(bytes: Uint8Array): void {
    this.#tally.messages += 1;
    if (!hasMarker(this.#markers, bytes)) return;
    if (this.#pace.admits()) this.#read(bytes);
    else this.#pace.postpone(bytes);
  }

  #read(bytes: Uint8Array): void {
    if (decoder !== null && this.#waiting.length === 0) return this.#show(bytes, decoder);
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes > largest) {
      this.#tally.isUnparsed = true;
      return;
    }
    this.#waiting.push(new Uint8Array(bytes)); // a Buffer's `slice` would copy nothing
    this.#loading ??= this.#showWaiting();
  }

  async #showWaiting(): Promise<void> {
    try {
      const decode = await load();
      const late = this.#tally.needsAll ? this.#waiting : this.#waiting.slice(-mostAtOnce);
      for (const bytes of late) this.#show(bytes, decode);
    } catch {
      this.#tally.isUnparsed = true;
    }
    this.#waiting = [];
  }

  #show(bytes: Uint8Array, decode: Decode): void {
    try {
      const { name, json } = decode(bytes);
      if (!this.#tally.show(json, name)) this.#tally.isUnparsed = true;
    } catch {
      this.#tally.isUnparsed = true; // a checksum that is wrong
    }
  }
}

function uint32(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset + at, 4).getUint32(0);
}

let decoder: Decode | null = null;

/** Loaded when the first message is to be read: few gateways see one. */
async function load(): Promise<Decode> {
  const { EventStreamCodec } = await import("@smithy/eventstream-codec");
  const codec = new EventStreamCodec(
    (bytes) => (typeof bytes === "string" ? bytes : textOf(bytes, 0, bytes.length)),
    (text) => Buffer.from(text),
  );
  decoder = (message) => {
    const { headers, body } = codec.decode(message);
    const name = (headers[":event-type"] ?? headers[":exception-type"])?.value;
    return {
      name: typeof name === "string" ? name : null,
      json: textOf(body, 0, body.length),
    };
  };
  return decoder;
}
