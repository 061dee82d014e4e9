import { describe, expect, spyOn, test } from "bun:test";
import { Frames } from "../../src/metering/frames.ts";
import { meterWhole, openMeter } from "../../src/metering/meter.ts";
import { customFormat } from "../../src/providers/custom.ts";
import { amazonMessage } from "./bodies.ts";
import { cutAt, feed } from "./feed.ts";
import { watch } from "./watching-fold.ts";

const amount = 5_000;
const message = (count: number) => `{"usage":{"total_tokens":${count}}}`;
const counts = Array.from({ length: amount }, (_, index) => index);
const numbered = (form: (text: string) => string) =>
  Buffer.from(counts.map((count) => form(message(count))).join(""));
const sum = {
  from: "reply",
  pointer: ["usage", "total_tokens"],
  reading: "number",
  over: "sum",
} as const;
const amazonType = "application/vnd.amazon.eventstream";

const streams: readonly (readonly [string, Buffer])[] = [
  ["text/event-stream", numbered((text) => `data: ${text}\n\n`)],
  ["application/x-ndjson", numbered((text) => `${text}\n`)],
  ["application/json", Buffer.from(`[${counts.map(message).join(",")}]`)],
  [amazonType, Buffer.concat(counts.map((count) => amazonMessage("metadata", message(count))))],
];

describe.each(streams)("%s", (contentType, body) => {
  test("of one chunk's many messages the first and the last are parsed, and all are counted", async () => {
    if (contentType === amazonType) await feed({ contentType }, [body]); // its decoder comes later
    using parse = spyOn(JSON, "parse");

    const { metered, shown } = await feed({ contentType }, [body]);

    expect(parse.mock.calls.length).toBeLessThanOrEqual(256);
    expect(metered).toMatchObject({
      usage: { output: amount - 1 },
      messages: amount,
      isUnparsed: false,
    });
    const told = shown.map(({ message: one }) => JSON.stringify(one));
    expect(told).toEqual([
      ...counts.slice(0, told.length - 16).map(message),
      ...counts.slice(-16).map(message),
    ]);
  });

  test("where counts add up, all are parsed", async () => {
    const rules = { model: null, units: new Map([["input", sum]] as const) };
    const fold = customFormat(rules).fold({ method: "POST", path: "/", body: () => null });
    if (fold === null || fold === "free") throw new Error("no fold");
    const meter = openMeter(fold, { contentType, contentEncoding: "" });

    meter.chunk(body);

    expect((await meter.end()).usage).toEqual({ input: (amount * (amount - 1)) / 2 });
  });

  test("each chunk has its own", async () => {
    const { shown, metered } = await feed({ contentType }, cutAt(body, body.length / 2));

    expect(shown.length).toBeGreaterThan(500);
    expect(metered).toMatchObject({ usage: { output: amount - 1 }, messages: amount });
  });

  test("a reply read whole is read alike", async () => {
    const fold = watch("usage");

    const metered = await meterWhole(fold, { contentType, contentEncoding: "" }, body);

    expect(fold.shown.length).toBeLessThanOrEqual(512);
    expect(metered).toMatchObject({ usage: { output: amount - 1 }, messages: amount });
  });
});

test("a message that was postponed and is broken is told", async () => {
  const body = Buffer.concat([
    streams[0]?.[1] ?? Buffer.alloc(0),
    Buffer.from('data: {"usage"\n\n'),
  ]);

  const { metered } = await feed({ contentType: "text/event-stream" }, [body]);

  expect(metered).toMatchObject({ isUnparsed: true, messages: amount + 1 });
});

test("blank lines between messages say nothing, however many and however cut", async () => {
  for (const line of ["\n", "\r\n", "\r"]) {
    const blank = line.repeat(50);
    const text = `${blank}data: {}${line}${blank}data: ${message(7)}${line}${blank}`;
    for (let at = 0; at <= text.length; at += 1) {
      const { metered } = await feed(
        { contentType: "text/event-stream" },
        cutAt(Buffer.from(text), at),
      );
      expect(metered).toMatchObject({ messages: 2, usage: { output: 7 }, isUnparsed: false });
    }
  }
});

test("of bare line feeds no frames are made", async () => {
  using last = spyOn(Frames.prototype, "last");
  const blank = Buffer.alloc(512 * 1024, "\n");

  for (const contentType of ["text/event-stream", "application/x-ndjson"]) {
    expect((await feed({ contentType }, [blank])).metered).toMatchObject({ messages: 0 });
  }

  expect(last).not.toHaveBeenCalled();
});

test("a message of very many lines is given up, and the next one read", async () => {
  for (const line of ["data: 1\n", "x\n", ": \r\n"]) {
    const text = `data: ${message(1)}\n${line.repeat(40_000)}\n\ndata: ${message(7)}\n\n`;

    const { metered } = await feed({ contentType: "text/event-stream" }, [Buffer.from(text)]);

    expect(metered).toMatchObject({ usage: { output: 7 }, messages: 2, isUnparsed: true });
  }
});
