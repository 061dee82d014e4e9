import type { RouteMatch } from "../core/routes.ts";
import type { CallRecord, Entrance } from "../core/types.ts";
import { type GatewayDeps, handleCall } from "../gateway/pipeline.ts";
import { writtenSecrets } from "./secret-mask.ts";
import { endEvent, headEvent, sentEvent, type TestMasks, type TestView } from "./test-events.ts";
import type { ChosenKey } from "./test-key.ts";
import { type ShownReply, shownReply, type Undo } from "./test-reply.ts";

/** What trying out a call needs. */
export interface TesterDeps extends TestMasks {
  readonly gateway: GatewayDeps;
  /** What no reply may show: asked for each call. */
  readonly secrets: () => readonly string[];
  readonly undo: Undo;
}

/** One call to be tried out. */
export interface Trial {
  readonly call: Request;
  readonly key: ChosenKey;
  readonly entrance: Entrance;
  /** Aborts the call. */
  readonly leaving: AbortController;
  /** Whoever looks on has left. */
  readonly left: AbortSignal;
  /** Keeps the connection to whoever looks on open while nothing flows. */
  hold(): void;
  release(): void;
}

/** The call's events as lines of JSON, each out as it happens; the reply is read as fast as they are. */
export function trialEvents(trial: Trial, tester: TesterDeps): ReadableStream<Uint8Array> {
  const { leaving, left } = trial;
  const encoder = new TextEncoder();
  const startedAt = performance.now();
  let out: ReadableStreamDefaultController<Uint8Array>;
  let told = 0;
  let running: Running | null = null;
  const tell = (event: object) => {
    if (leaving.signal.aborted) return;
    told += 1;
    const at_ms = Math.round((performance.now() - startedAt) * 1000) / 1000;
    out.enqueue(encoder.encode(`${JSON.stringify({ ...event, at_ms })}\n`));
  };
  const leave = () => {
    if (leaving.signal.aborted) return;
    leaving.abort();
    trial.release();
    running?.cancel();
  };
  const end = () => {
    left.removeEventListener("abort", leave);
    if (leaving.signal.aborted) return;
    trial.release();
    out.close();
  };
  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        out = controller;
        trial.hold();
        if (left.aborted) leave();
        left.addEventListener("abort", leave, { once: true });
      },
      async pull() {
        running ??= start(trial, tester, tell);
        const before = told;
        while (told === before && !leaving.signal.aborted) {
          if (!(await running.next())) return end();
        }
      },
      cancel: leave,
    },
    { highWaterMark: 0 },
  );
}

type Tell = (event: object) => void;

interface Running {
  /** One step further; what happens in it is told. False after the end. */
  next(): Promise<boolean>;
  cancel(): void;
}

function start({ call, key, entrance }: Trial, tester: TesterDeps, tell: Tell): Running {
  const view: TestView = { ...tester, written: writtenSecrets(tester.secrets()) };
  const ended = Promise.withResolvers<CallRecord>();
  const gateway = watched(tester.gateway, key, { tell, view, ended: ended.resolve });
  let shown: ShownReply | null = null;
  let body: Source | null = null;
  let isOver = false;
  const begin = async () => {
    const reply = await handleCall(call, entrance, gateway);
    shown = shownReply(reply, {
      written: view.written,
      undo: tester.undo,
      show: (bytes) => tell({ type: "chunk", base64: bytes.toString("base64") }),
      cut: (bytes) => tell({ type: "cut", bytes }),
    });
    tell(headEvent(reply, shown.isDecoded, view));
    body = reply.body?.getReader() ?? null;
  };
  return {
    next: async () => {
      if (isOver) return false;
      if (shown === null) {
        await begin();
        return true;
      }
      const bytes = await nextOf(body);
      if (bytes !== null) {
        shown.chunk(bytes);
        return true;
      }
      isOver = true;
      await shown.end();
      tell(endEvent(await ended.promise));
      return false;
    },
    cancel: () => void body?.cancel().catch(() => {}), // it may have broken by itself
  };
}

interface Source {
  read(): Promise<{ readonly value?: Uint8Array | undefined }>;
  cancel(): Promise<void>;
}

/** Null at the end, and where the reply breaks off: the call's record says which. */
async function nextOf(source: Source | null): Promise<Uint8Array | null> {
  if (source === null) return null;
  try {
    return (await source.read()).value ?? null;
  } catch {
    return null;
  }
}

interface Watch {
  readonly tell: Tell;
  readonly view: TestView;
  ended(record: CallRecord): void;
}

/** The gateway as it is, for one call that may know one key more, and is looked at. */
function watched(gateway: GatewayDeps, key: ChosenKey, { tell, view, ended }: Watch): GatewayDeps {
  const { log } = gateway;
  let matched: RouteMatch | null = null;
  return {
    ...gateway,
    rules: () => key.among(gateway.rules()),
    log: {
      finished: (record) => {
        log.finished(record);
        ended(record);
      },
      usageInvalid: (record) => log.usageInvalid(record),
      trace: {
        matched: (call, match) => {
          matched = match;
          log.trace?.matched(call, match);
        },
        sending: (call, sent, isChanged) => {
          if (matched !== null) tell(sentEvent(call, matched, { sent, isChanged }, view));
          log.trace?.sending(call, sent, isChanged);
        },
        exchanged: (call, sent, upstream) => log.trace?.exchanged(call, sent, upstream),
        answered: (id, request, entrance, status) =>
          log.trace?.answered(id, request, entrance, status),
      },
    },
  };
}
