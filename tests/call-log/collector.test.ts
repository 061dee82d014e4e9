import { expect, test } from "bun:test";
import type { Batch } from "../../src/call-log/batch.ts";
import { type CollectorOptions, createCollector } from "../../src/call-log/collector.ts";
import { type Frame, framesIn } from "../../src/call-log/frame.ts";
import { all, callRecord, logCall, loggedCall } from "./samples.ts";

function start(options: Partial<CollectorOptions> = {}) {
  const batches: Batch[] = [];
  const collector = createCollector({ send: (batch) => batches.push(batch), ...options });
  const frames = (): Frame[] => {
    collector.flush();
    return batches.flatMap(({ memory, bytes }) => [...framesIn(Buffer.from(memory, 0, bytes))]);
  };
  return { collector, batches, frames };
}

test("of a body the beginning is kept, and all of it is counted", () => {
  const { collector, frames } = start();
  const call = loggedCall();
  const copy = collector.open(call, { maxBytes: 10, share: 1 });
  copy?.request(Buffer.from("0123456789"));
  copy?.replyHead(201, new Headers());
  for (let n = 0; n < 100; n++) copy?.reply(Buffer.from("abc"));

  copy?.finish(callRecord(call.id));
  const [frame] = frames();

  expect(frame?.request).toMatchObject({ bytes: Buffer.from("0123456789"), isCut: false });
  expect(frame?.reply).toMatchObject({ bytes: Buffer.from("abcabcabca"), isCut: true });
  expect(JSON.parse(frame?.head ?? "")).toMatchObject({
    requestBytes: 10,
    replyBytes: 300,
    status: 201,
  });
});

test("a chunk may be written over once it was shown", () => {
  const { collector, frames } = start();
  const call = loggedCall();
  const copy = collector.open(call, all);
  const chunk = Buffer.from("first");
  copy?.reply(chunk);
  chunk.write("other");
  copy?.reply(chunk);
  chunk.fill(0);

  copy?.finish(callRecord(call.id));

  expect(Buffer.from(frames()[0]?.reply.bytes ?? []).toString()).toBe("firstother");
});

test("a call is finished once", () => {
  const { collector, frames } = start();
  const call = loggedCall();
  const copy = collector.open(call, all);

  copy?.finish(callRecord(call.id));
  copy?.finish(callRecord(call.id));
  copy?.reply(Buffer.from("late"));

  expect(frames().map(({ id }) => id)).toEqual([call.id]);
});

test("a share of the calls is kept; those left out are not dropped", () => {
  const { collector, frames } = start({ random: sequence(0.05, 0.5, 0.0999, 0.1) });

  const kept = [1, 2, 3, 4].map(() => {
    return logCall(collector, { logging: { maxBytes: 10, share: 0.1 } }) !== null;
  });

  expect(kept).toEqual([true, false, true, false]);
  expect(frames()).toHaveLength(2);
  expect(collector.dropped).toBe(0);
});

test("a stream of any length costs no more memory than is kept of it", () => {
  const { collector } = start();
  const copies = Array.from({ length: 16 }, () => collector.open(loggedCall(), all));
  const chunk = new Uint8Array(65_536);
  for (let n = 0; n < 1_600; n++) for (const copy of copies) copy?.reply(chunk);

  expect(collector.inFlightBytes).toBeLessThan(16 * 70_000);
});

test("copies under way and batches not done with stay within the bound; what is too much is dropped", () => {
  const maxInFlightBytes = 1024 * 1024;
  const { collector, batches, frames } = start({ maxInFlightBytes });
  let most = 0;
  const body = new Uint8Array(40_000).fill(97);
  for (let n = 0; n < 200; n++) {
    logCall(collector, { request: body, reply: body });
    most = Math.max(most, collector.inFlightBytes);
  }
  const kept = frames().length;
  const { dropped } = collector;
  for (const { memory } of batches) collector.done(memory.byteLength, memory);
  const after = logCall(collector, { request: "room again" });
  collector.flush();

  expect(most).toBeLessThanOrEqual(maxInFlightBytes);
  expect(kept).toBeWithin(6, 20);
  expect(dropped).toBeGreaterThanOrEqual(200 - kept);
  expect(dropped).toBeLessThanOrEqual(200);
  expect(after).not.toBeNull();
  expect(collector.inFlightBytes).toBe(128 * 1024);
});

test("nothing is left taken once everything is done", () => {
  const { collector, batches } = start();
  for (let n = 0; n < 300; n++) logCall(collector, { request: "a".repeat(n * 500), reply: "b" });
  collector.flush();

  for (const { memory } of batches) collector.done(memory.byteLength, memory);

  expect(batches.reduce((sum, { calls }) => sum + calls, 0)).toBe(300);
  expect(collector.inFlightBytes).toBe(0);
});

test("a copy that finds no memory is cut, and counted", () => {
  const { collector } = start({ maxInFlightBytes: 100_000 });
  const copy = collector.open(loggedCall(), { maxBytes: 1_000_000, share: 1 });
  for (let n = 0; n < 100; n++) copy?.reply(new Uint8Array(10_000));

  const taken = collector.inFlightBytes;
  copy?.finish(callRecord("x"));

  expect(taken).toBeLessThanOrEqual(100_000);
  expect(collector.dropped).toBe(1);
});

test("a batch goes by itself after a while", async () => {
  const { collector, batches } = start();
  logCall(collector, { request: "one" });
  logCall(collector, { request: "two" });

  const before = batches.length;
  await Bun.sleep(150);

  expect(before).toBe(0);
  expect(batches.map(({ calls }) => calls)).toEqual([2]);
});

function sequence(...numbers: number[]): () => number {
  return () => numbers.shift() ?? 0;
}
