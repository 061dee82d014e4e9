/** Long enough to see a reply stream, short enough not to wait for it. */
const replyPauseMs = 20;

/** One event of a stream: `data` as JSON, and its name where the API gives one. */
export function serverSentEvent(data: unknown, name?: string): string {
  const line = `data: ${JSON.stringify(data)}\n\n`;
  return name === undefined ? line : `event: ${name}\n${line}`;
}

/**
 * Streams events with a pause between them, each made when the client is ready for it.
 * A client that leaves clears the timer and closes the iterator.
 */
export function eventStream(
  events: Iterable<string>,
  pauseMs = replyPauseMs,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(paced(events[Symbol.iterator](), pauseMs), {
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache",
      ...headers,
    },
  });
}

function paced(events: Iterator<string>, pauseMs: number): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let started = false;
  let next = events.next(); // one ahead, so that no pause follows the last event
  const send = (controller: ReadableStreamDefaultController<Uint8Array>) => {
    if (next.done !== true) {
      controller.enqueue(encoder.encode(next.value));
      next = events.next();
    }
    if (next.done === true) controller.close();
  };
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (!started || pauseMs === 0) {
          started = true;
          return send(controller);
        }
        const pause = new Promise<void>((resolve) => {
          timer = setTimeout(resolve, pauseMs);
        });
        return pause.then(() => send(controller));
      },
      cancel() {
        clearTimeout(timer);
        events.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}
