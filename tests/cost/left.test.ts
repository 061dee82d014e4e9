import { afterAll, describe, expect, test } from "bun:test";
import type { Step } from "../helpers/raw-upstream.ts";
import { costRows, errorOf, soon, soonRow } from "./exchange.ts";
import {
  calling,
  documentOf,
  gpt4o,
  inputEstimate,
  messageStart,
  startPartialHouse,
  streams,
  usageFrame,
  words,
} from "./partial.ts";

const house = await startPartialHouse();
const { gateway } = house;

afterAll(() => house[Symbol.asyncDispose]());

const waits: Step = { end: "hang" };
const keyIds: string[] = [];

interface Leaving {
  readonly path: string;
  readonly script: readonly Step[];
  /** What the client has seen when it leaves; without it, it leaves before there is anything. */
  readonly after?: string;
  readonly how: "fin" | "reset";
}

/** The row of a call whose client leaves; its upstream is let go. */
async function rowOfLeaver({ path, script, after, how }: Leaving) {
  const { client, key, sent } = await calling(house, { path, script: [...script, waits] });
  keyIds.push(key.id);
  if (after === undefined) await Bun.sleep(60);
  else await client.waitFor(after);
  const leftAt = performance.now();
  client.leave(how);
  const row = await soonRow(gateway, key.id);
  await soon(() => sent.closedAt() !== null);
  expect((sent.closedAt() ?? 0) - leftAt).toBeLessThanOrEqual(100);
  expect(row.status).toBe("failure");
  expect(errorOf(row)).toBe("client_closed");
  return row;
}

describe.each(["fin", "reset"] as const)("the client leaves with a %s", (how) => {
  test("before the headers: at least what it sent was used", async () => {
    const row = await rowOfLeaver({ path: "/chat", script: [], how });

    expect(row).toMatchObject({ estimated: true, http_status: 499, model: "gpt-4o" });
    expect(row.usage).toEqual({ input: inputEstimate, output: 0 });
    expect(row.spend).toBe(gpt4o(inputEstimate, 0));
  });

  test("mid-stream: what it saw", async () => {
    const row = await rowOfLeaver({ path: "/chat", script: streams(words), after: "three", how });

    expect(row).toMatchObject({ estimated: true, stream: true });
    expect(row.usage).toEqual({ input: inputEstimate, output: 3 });
    expect(row.spend).toBe(gpt4o(inputEstimate, 3));
  });

  test("Anthropic's after its first message: the input that it told", async () => {
    const script = streams(messageStart);

    const row = await rowOfLeaver({ path: "/claude", script, after: "message_start", how });

    expect(row.usage).toEqual({ input: 1_225, cached: 1_200, output: 1 });
    expect(row.estimated).toBe(true);
  });

  test("once the stream told its usage it is exact", async () => {
    const script = streams(words + usageFrame);

    const row = await rowOfLeaver({ path: "/chat", script, after: "total_tokens", how });

    expect(row).toMatchObject({ estimated: false, spend: gpt4o(19, 10) });
  });

  test("in the middle of a JSON reply, whose usage is at its end", async () => {
    const begun = `{"object":"chat.completion","choices":["${"x".repeat(100_000)}"],"usage":{"prompt`;

    const row = await rowOfLeaver({
      path: "/chat",
      script: documentOf(begun),
      after: '"usage"',
      how,
    });

    expect(row).toMatchObject({ estimated: true, unpriced: null });
    expect(row.usage).toEqual({ input: inputEstimate, output: 4_096 });
  });

  test("of a host that nobody knows", async () => {
    const row = await rowOfLeaver({ path: "/shaped", script: streams(words), after: "three", how });

    expect(row).toMatchObject({ estimated: true, provider: null, model: "gpt-4o", unpriced: null });
    expect(row.usage).toEqual({ input: inputEstimate, output: 3 });
  });

  test("of a host that nobody knows, before the headers", async () => {
    const row = await rowOfLeaver({ path: "/shaped", script: [], how });

    expect(row).toMatchObject({ provider: null, spend: gpt4o(inputEstimate, 0) });
    expect(row.usage).toEqual({ input: inputEstimate, output: 0 });
  });

  test("a flat price is booked whole", async () => {
    const row = await rowOfLeaver({ path: "/flat", script: [], how });

    expect(row.spend).toBe(0.02);
  });
});

test("each of these calls has one row", async () => {
  expect(keyIds.length).toBe(16);
  for (const id of keyIds) expect((await costRows(gateway, { api_key: id })).length).toBe(1);
});
