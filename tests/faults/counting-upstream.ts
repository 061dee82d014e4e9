import { reply, startRawUpstream, type RawUpstream, type Step } from "../helpers/raw-upstream.ts";

/** An upstream that counts what it was asked, by the name that each call has in its query (`?n=<name>`). */
export interface CountingUpstream extends Disposable {
  readonly url: string;
  readonly raw: RawUpstream;
  /** How often each call came. */
  counts(): Map<string, number>;
  /** How many calls came whose names begin so. */
  countOf(prefix: string): number;
}

const json = ["Content-Type: application/json"];
const eventHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";

/** Its replies by path: at once, after a while, as events over a while, as events over seconds. */
const scripts: Readonly<Record<string, readonly Step[]>> = {
  "/plain": [reply(200, json, '{"ok":true}')],
  "/slow": [{ wait: 150 }, reply(200, json, '{"ok":true}')],
  "/late": [{ wait: 1_500 }, reply(200, json, '{"ok":true}')],
  "/stream": events(6, 25),
  "/long": events(40, 50),
  "/longer": events(70, 50),
};

function events(count: number, everyMs: number): Step[] {
  const event: Step[] = [{ write: "data: x\n\n" }, { wait: everyMs }];
  return [
    { write: eventHead },
    ...Array.from({ length: count }, () => event).flat(),
    { write: "data: [DONE]\n\n" },
    { end: "close" },
  ];
}

/** Starts it. */
export async function startCountingUpstream(): Promise<CountingUpstream> {
  const raw = await startRawUpstream({ scripts: { ...scripts }, keep: 4_096 });
  const names = () => raw.requests.map(({ target }) => /[?&]n=([^&]*)/.exec(target)?.[1] ?? "");
  return {
    url: raw.url,
    raw,
    counts: () => {
      const counts = new Map<string, number>();
      for (const name of names()) counts.set(name, (counts.get(name) ?? 0) + 1);
      return counts;
    },
    countOf: (prefix) => names().filter((name) => name.startsWith(prefix)).length,
    [Symbol.dispose]: () => raw[Symbol.dispose](),
  };
}
