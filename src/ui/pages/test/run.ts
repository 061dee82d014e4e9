import type { CutEvent, EndEvent, HeadEvent, SentEvent, TestEvent } from "./events.ts";
import { readEvents } from "./events.ts";
import type { TestForm } from "./form.ts";
import { sendTest, typedText } from "./send.ts";
import { StreamReader, streamKindOf } from "./stream-reader.ts";

/** One call that is tried out, from its start on. It changes; `subscribe` tells when, once a frame at most. */
export class TestRun {
  /** Of `performance.now()`. */
  readonly startedAt = performance.now();
  readonly typedBody: string | null;
  readonly method: string;
  /** Goes up with each change. */
  version = 0;
  /** One for each time it went up: more than one where the gateway tried again. */
  readonly sent: SentEvent[] = [];
  head: HeadEvent | null = null;
  cut: CutEvent | null = null;
  end: EndEvent | null = null;
  /** It could not be sent, or the connection to the gateway broke. */
  error: unknown = null;
  isRunning = true;
  isStopped = false;
  /** Took so long, when it was stopped or broke. */
  elapsedMs = 0;
  /** Of a body that comes as a stream of events. */
  stream: StreamReader | null = null;
  readonly pieces: Uint8Array<ArrayBuffer>[] = [];
  bytes = 0;
  readonly #leaving = new AbortController();
  readonly #decoder = new TextDecoder();
  readonly #listeners = new Set<() => void>();
  #isTelling = false;

  constructor(form: TestForm) {
    this.typedBody = typedText(form);
    this.method = form.method;
    void this.#run(form);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  stop(): void {
    if (!this.isRunning) return;
    this.isStopped = true;
    this.#leaving.abort();
  }

  async #run(form: TestForm): Promise<void> {
    try {
      const stream = await sendTest(form, this.#leaving.signal);
      await readEvents(stream, (event) => this.#take(event));
      if (this.end === null) throw new Error("The connection to the gateway broke off.");
    } catch (error) {
      if (!this.isStopped) this.error = error;
    }
    this.elapsedMs = performance.now() - this.startedAt;
    this.isRunning = false;
    this.#tell();
  }

  #take(event: TestEvent): void {
    if (event.type === "sent") this.sent.push(event);
    else if (event.type === "cut") this.cut = event;
    else if (event.type === "end") this.end = event;
    else if (event.type === "head") {
      this.head = event;
      const kind = streamKindOf(this.contentType());
      this.stream = kind === null ? null : new StreamReader(kind);
    } else {
      this.pieces.push(event.bytes);
      this.bytes += event.bytes.length;
      this.stream?.add(this.#decoder.decode(event.bytes, { stream: true }), event.at_ms);
    }
    this.#tell();
  }

  /** What the reply says that it is; empty where it does not. */
  contentType(): string {
    const found = this.head?.headers.find(([name]) => name.toLowerCase() === "content-type");
    return found?.[1] ?? "";
  }

  /** Ten thousand events make a few dozen drawings. */
  #tell(): void {
    this.version += 1;
    if (this.#isTelling) return;
    this.#isTelling = true;
    requestAnimationFrame(() => {
      this.#isTelling = false;
      for (const listener of this.#listeners) listener();
    });
  }
}
