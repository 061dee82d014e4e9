import { describe, expect, test } from "bun:test";
import { type StreamEnd, tapStream } from "../../src/gateway/tap.ts";

/** A source that a test feeds, and what a tap saw of it. */
function tapped() {
  const seen: string[] = [];
  const ends: StreamEnd[] = [];
  const cancels: unknown[] = [];
  let source: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>> | undefined;
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      start: (controller) => {
        source = controller;
      },
      cancel: (cause) => void cancels.push(cause),
    },
    { highWaterMark: 0 },
  );
  const tap = {
    asked: () => void seen.push("asked"),
    chunk: (bytes: Uint8Array) => void seen.push(`chunk ${bytes.byteLength}`),
    end: (how: StreamEnd) => void ends.push(how),
  };
  const passed = tapStream(stream, tap);
  if (source === undefined) throw new Error("the source has not started");
  return { ...passed, reader: passed.stream.getReader(), source, seen, ends, cancels };
}

const bytes = (...values: number[]) => new Uint8Array(values);

describe("what passes", () => {
  test("is the bytes in their order, and then the end, once", async () => {
    const { reader, source, seen, ends } = tapped();
    source.enqueue(bytes(1, 2));
    source.enqueue(bytes(3));
    source.close();

    const read = [await reader.read(), await reader.read(), await reader.read()];

    expect(read.map(({ value }) => value && [...value])).toEqual([[1, 2], [3], undefined]);
    expect(seen.filter((each) => each !== "asked")).toEqual(["chunk 2", "chunk 1"]);
    expect(ends).toEqual(["done"]);
  });

  test("is asked for when the reader asks, not before", async () => {
    const { reader, source, seen } = tapped();
    source.enqueue(bytes(1));
    source.enqueue(bytes(2));
    await Bun.sleep(5);
    expect(seen).toEqual([]);

    await reader.read();

    expect(seen.filter((each) => each.startsWith("chunk"))).toEqual(["chunk 1"]);
  });

  test("an empty chunk is passed over", async () => {
    const { reader, source, ends } = tapped();
    source.enqueue(bytes(1));
    source.enqueue(bytes());
    source.enqueue(bytes(2));
    source.close();

    const read = [await reader.read(), await reader.read(), await reader.read()];

    expect(read.map(({ value }) => value && [...value])).toEqual([[1], [2], undefined]);
    expect(ends).toEqual(["done"]);
  });
});

describe("an end that is none", () => {
  test("a source that fails fails the stream, once", async () => {
    const { reader, source, ends } = tapped();
    const failure = new Error("broken");
    const read = reader.read();

    source.error(failure);

    expect(await read.catch((error: unknown) => error)).toBe(failure);
    expect(ends).toEqual(["broken"]);
  });

  test("a reader that leaves cancels the source, once", async () => {
    const { reader, source, ends, cancels } = tapped();
    source.enqueue(bytes(1));
    await reader.read();

    await reader.cancel("left");

    expect(cancels).toEqual(["left"]);
    expect(ends).toEqual(["cancelled"]);
  });

  test("a reader that leaves during a read is told of once", async () => {
    const { reader, ends, cancels } = tapped();
    const read = reader.read();

    await reader.cancel("left");

    expect(await read).toEqual({ done: true, value: undefined });
    expect(cancels).toEqual(["left"]);
    expect(ends).toEqual(["cancelled"]);
  });

  test("it can be failed from outside, also while nobody reads", async () => {
    const { reader, fail, ends, cancels } = tapped();
    const cause = new Error("idle");

    fail(cause);
    fail(new Error("again"));

    expect(await reader.read().catch((error: unknown) => error)).toBe(cause);
    expect(cancels).toEqual([cause]);
    expect(ends).toEqual(["broken"]);
  });

  test("what comes after that is nobody's", async () => {
    const { reader, source, fail, seen, ends } = tapped();
    const read = reader.read().catch(() => "failed");
    fail(new Error("idle"));

    expect(await read).toBe("failed");
    expect(() => source.enqueue(bytes(1))).toThrow(); // it was cancelled
    expect(seen.filter((each) => each !== "asked")).toEqual([]);
    expect(ends).toEqual(["broken"]);
  });
});
