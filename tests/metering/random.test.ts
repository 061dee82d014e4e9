import { expect, test } from "bun:test";
import { feed } from "./feed.ts";
import type { Shown } from "./watching-fold.ts";

/** Small whole numbers, the same in each run (mulberry32). */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides;
  };
}

type Dice = ReturnType<typeof dice>;

function pick<T>(roll: Dice, ...choices: readonly [T, ...T[]]): T {
  return choices[roll(choices.length)] ?? choices[0];
}

function* inRandomParts(roll: Dice, body: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < body.length;) {
    const size = roll(pick(roll, 3, 30, 300));
    yield body.subarray(at, at + size);
    at += size;
  }
}

function randomStream(roll: Dice): string {
  const line = () =>
    pick(
      roll,
      "data: {}",
      'data:{"usage":1}',
      'data: {"a":"é"}',
      ": usage",
      "event: e",
      "id: 1",
      "",
      "",
      "data: t",
      "data",
    ) + pick(roll, "\n", "\r\n", "\r");
  return Array.from({ length: roll(40) }, line).join("");
}

/** Data frames, and the messages of those that can be shown, read the slow way: the whole text at once. */
function readSlowly(text: string): { messages: number; shown: Shown[] } {
  const frames: string[][] = [[]];
  for (const line of text.split(/\r\n|\r|\n/)) {
    if (line === "") frames.push([]);
    else frames.at(-1)?.push(line);
  }
  let messages = 0;
  const shown: Shown[] = [];
  for (const lines of frames) {
    const data = lines.filter((line) => line.startsWith("data:")).map((line) => line.slice(5));
    if (data.length === 0) continue;
    messages += 1;
    if (!lines.join("\n").includes("usage")) continue;
    const event =
      lines
        .findLast((line) => line.startsWith("event:"))
        ?.slice(6)
        .trim() ?? null;
    try {
      shown.push({ message: JSON.parse(data.join("\n")), event });
    } catch {}
  }
  return { messages, shown };
}

test("streams of events of any lines, ends and parts are read as a slow reader reads them", async () => {
  const roll = dice(7);
  for (let round = 0; round < 1_500; round += 1) {
    const text = randomStream(roll);

    const { shown, metered } = await feed(
      { contentType: "text/event-stream" },
      inRandomParts(roll, Buffer.from(text)),
    );

    expect({ text, messages: metered.messages, shown }).toEqual({ text, ...readSlowly(text) });
  }
});

function randomJson(roll: Dice, depth: number): string {
  const blank = pick(roll, "", "", " ", "\n\t ");
  const inner = () => randomJson(roll, depth - 1);
  const text = () =>
    JSON.stringify(pick(roll, "", "a", '"', "\\", '\\"', "]}", "é🌍", "x".repeat(roll(60))));
  const scalar = () => pick(roll, "0", "-1.5e-3", "true", "null", text());
  if (depth === 0 || roll(3) === 0) return blank + scalar() + blank;
  const parts = Array.from({ length: roll(5) }, inner);
  if (roll(2) === 0) return `${blank}[${parts.join(",") || blank}]${blank}`;
  return `${blank}{${parts.map((part, key) => `"${key}${pick(roll, "", '\\"', "\\\\")}" :${part}`).join(",")}}${blank}`;
}

test("a document of any form, in any parts, is shown as it is while nothing in it is large", async () => {
  const roll = dice(11);
  for (let round = 0; round < 1_500; round += 1) {
    const text = `{"usage":${randomJson(roll, 5)}, "b":${randomJson(roll, 5)}}`;

    const { shown, metered } = await feed(
      { contentType: "application/json" },
      inRandomParts(roll, Buffer.from(text)),
    );

    expect(shown).toEqual([{ message: JSON.parse(text), event: null }]);
    expect(metered.isUnparsed).toBe(false);
  }
});
