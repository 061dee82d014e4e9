import { expect } from "bun:test";
import { reply, type Step } from "../helpers/raw-upstream.ts";
import { down, raw, whole } from "./reply-checks.ts";
import { only, request, type Row } from "./row.ts";

const long = "0123456789abcdef".repeat(4_096 + 1);

/** When each event was written; the row's script and its check share it. */
const writtenAt: number[] = [];
const event = (index: number) => `data: {"n":${index}}\n\n`;
const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;

/** Table E, the part about time and size. */
export const replyFlows: readonly Row[] = [
  {
    id: "E19",
    ...whole(
      () => {
        writtenAt.length = 0;
        return [
          raw("200 OK", ["Content-Type: text/event-stream", "Transfer-Encoding: chunked"]),
          ...[0, 1, 2, 3, 4].flatMap((index): Step[] => [
            { wait: 60 },
            { call: () => void writtenAt.push(performance.now()) },
            { write: chunk(event(index)) },
          ]),
          { write: "0\r\n\r\n" },
        ];
      },
      "each event comes down when it was written",
      ({ reply: answered }) => {
        expect(answered.complete).toBe(true);
        expect(answered.body.toString()).toBe([0, 1, 2, 3, 4].map(event).join(""));
        const delays = writtenAt.map((at, index) => {
          const arrival = answered.arrivals.find((each) => each.bytes.includes(event(index)));
          return (arrival?.at ?? Infinity) - at;
        });
        expect(delays.toSorted((a, b) => a - b)[2]).toBeLessThan(20);
      },
    ),
    nginx: "meets",
  },
  {
    id: "E19",
    ...whole(
      [
        raw("200 OK", ["Content-Type: text/event-stream", "Transfer-Encoding: chunked"]),
        { wait: 200 },
        { write: `${chunk(event(0))}0\r\n\r\n` },
      ],
      "the head of a stream does not wait for its first event",
      ({ reply: { arrivals } }) => {
        const [head, body] = arrivals;
        expect((body?.at ?? 0) - (head?.at ?? 0)).toBeGreaterThan(100);
      },
    ),
    nginx: "meets",
  },
  {
    id: "E21",
    nginx: "meets",
    about: "a 413 during the upload comes down",
    send: [
      request("POST /pt/e", ["Content-Length: 5000000"], "a".repeat(200_000)),
      ...Array.from({ length: 10 }, () => [20, "a".repeat(100_000)]).flat(),
    ],
    script: [
      { wait: 30 },
      reply("HTTP/1.1 413 Content Too Large", ["Connection: close"], "too large"),
      { end: "close" },
    ],
    check: ({ reply: answered, sent }) => {
      expect(answered.status).toBe(413);
      expect(answered.body.toString()).toBe("too large");
      expect(only(sent).ended()).not.toBe("complete");
    },
  },
  {
    id: "E24",
    ...whole(
      [reply("HTTP/1.1 200 OK", ["Content-Type: text/plain"], long)],
      "a reply over 64 KiB",
      ({ reply: answered }) => {
        expect(answered.complete).toBe(true);
        expect(answered.body.equals(Buffer.from(long))).toBe(true);
        expect(answered.values("content-length")).toEqual([]);
        expect(answered.framing).toBe("chunked");
      },
    ),
    deviation: "it leaves chunked, without its length",
    nginx: "differs",
  },
  {
    id: "E24",
    ...whole(
      [reply("HTTP/1.1 200 OK", ["Content-Type: text/plain"], long.slice(0, 65_536))],
      "a reply of 64 KiB keeps its length",
      down(200, { "content-length": ["65536"] }, long.slice(0, 65_536)),
    ),
    nginx: "meets",
  },
];
