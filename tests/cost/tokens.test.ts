import { afterAll, describe, expect, test } from "bun:test";
import { connectLive } from "../gateway/live-client.ts";
import { config, masterKey } from "../gateway/wire.ts";
import { type MadeKey, makeKey } from "../helpers/keys.ts";
import { type Answer, call } from "../limits/crowd.ts";
import { postWith } from "../limits/house.ts";
import { canFakeClocks, fakeClock } from "../limits/fake-clock.ts";
import {
  chunkedHead,
  chunks,
  eventReply,
  jsonReply,
  lastChunk,
  soon,
  soonRow,
} from "./exchange.ts";
import { startCostHouse, startCostHouseOf } from "./house.ts";

const house = await startCostHouse([
  'path: /chat, target: "UP/v1/chat/completions", provider: openai, auth: true',
  'path: /claude, target: "UP/v1/messages", provider: anthropic, auth: true',
  'path: /none, target: "UP/v1/chat/completions", provider: none, auth: true',
]);
const { gateway, port, upstream } = house;

afterAll(() => house[Symbol.asyncDispose]());

const chat = "/v1/chat/completions";
const answer = (total: number) => ({
  object: "chat.completion",
  model: "gpt-4o",
  choices: [],
  usage: { prompt_tokens: total - 10, completion_tokens: 10, total_tokens: total },
});

const left = ({ headers }: Answer) => Number(headers["x-ratelimit-remaining-tokens"]);
const sizeOf = (request: object) => Math.ceil(JSON.stringify(request).length / 4);
const probe = { model: "gpt-4o" };

/** What of `limit` a call finds used, itself left out. */
async function used(key: MadeKey, limit: number): Promise<number> {
  upstream.scripts.set(chat, jsonReply(answer(10)));
  return limit - left(await call(port, postWith(key, "/chat", probe))) - sizeOf(probe);
}

describe("after the call its real tokens count", () => {
  test("too many that were estimated are given back", async () => {
    const key = await makeKey(gateway, { tpm_limit: 10_000 });
    const request = { model: "gpt-4o", max_tokens: 5_000 };
    upstream.scripts.set(chat, jsonReply(answer(120)));

    const first = await call(port, postWith(key, "/chat", request));

    expect(left(first)).toBe(10_000 - 5_000 - sizeOf(request)); // while it is under way
    expect(first.headers["x-ratelimit-limit-tokens"]).toBe("10000");
    expect(await used(key, 10_000)).toBe(120);
  });

  test("too few that were estimated are added, and close the minute", async () => {
    const key = await makeKey(gateway, { tpm_limit: 1_000 });
    upstream.scripts.set(chat, jsonReply(answer(1_500)));

    const first = await call(port, postWith(key, "/chat", probe));
    const second = await call(port, postWith(key, "/chat", probe));

    expect([first.status, second.status]).toEqual([200, 429]);
    expect(second.type).toBe("rate_limited");
    expect(second.message).toMatch(/1000 tokens a minute; it frees in (?:59|6[01]) s/);
    expect(left(second)).toBe(0);
  });

  test("of a stream that tells them", async () => {
    const key = await makeKey(gateway, { tpm_limit: 10_000 });
    const frames = [
      { object: "chat.completion.chunk", choices: [{ delta: { content: "Hi" } }] },
      { ...answer(777), object: "chat.completion.chunk" },
    ].map((frame) => `data: ${JSON.stringify(frame)}\n\n`);
    upstream.scripts.set(chat, eventReply(`${frames.join("")}data: [DONE]\n\n`));

    const request = { model: "gpt-4o", max_tokens: 4_000, stream: true };
    await call(port, postWith(key, "/chat", request));

    expect(await used(key, 10_000)).toBe(777);
  });

  test("of a stream that tells its input at the beginning and its output at the end", async () => {
    const key = await makeKey(gateway, { tpm_limit: 10_000 });
    const message = {
      model: "claude-sonnet-4-5",
      usage: { input_tokens: 100, cache_read_input_tokens: 400, output_tokens: 1 },
    };
    const events = [
      { type: "message_start", message },
      { type: "message_delta", delta: {}, usage: { output_tokens: 55 } },
      { type: "message_stop" },
    ].map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
    upstream.scripts.set("/v1/messages", eventReply(events.join("")));

    await call(port, postWith(key, "/claude", { max_tokens: 4_000, stream: true }));

    expect(await used(key, 10_000)).toBe(555);
  });

  test("a stream that never tells is estimated", async () => {
    const key = await makeKey(gateway, { tpm_limit: 10_000 });
    const frame = 'data: {"object":"chat.completion.chunk","choices":[{"delta":{}}]}\n\n';
    upstream.scripts.set(chat, eventReply(`${frame.repeat(25)}data: [DONE]\n\n`));
    const request = { model: "gpt-4o", max_tokens: 4_000, stream: true };

    await call(port, postWith(key, "/chat", request));

    const counted = await used(key, 10_000);
    expect(counted).toBeGreaterThanOrEqual(sizeOf(request) + 25);
    expect(counted).toBeLessThanOrEqual(sizeOf(request) + 26);
  });

  test("where nobody looks at the reply the estimate stays", async () => {
    const key = await makeKey(gateway, { tpm_limit: 10_000 });
    const request = { model: "gpt-4o", max_tokens: 4_000 };
    upstream.scripts.set(chat, jsonReply(answer(20)));

    await call(port, postWith(key, "/none", request));

    expect(await used(key, 10_000)).toBe(4_000 + sizeOf(request));
  });

  test("calls side by side are each corrected by their own", async () => {
    const key = await makeKey(gateway, { tpm_limit: 100_000 });
    upstream.scripts.set(chat, (request) => [
      { wait: 10 },
      ...jsonReply(answer(Number(JSON.parse(request.body().toString()).total))),
    ]);
    const totals = Array.from({ length: 20 }, (_, n) => 10 + n * 3);

    await Promise.all(
      totals.map((total) =>
        call(port, postWith(key, "/chat", { ...probe, max_tokens: 900, total })),
      ),
    );

    expect(await used(key, 100_000)).toBe(totals.reduce((sum, total) => sum + total));
  });
});

test.skipIf(!canFakeClocks)(
  "what a long call used counts in the minute in which it was sent",
  async () => {
    using clock = fakeClock("all");
    await using later = await startCostHouseOf(
      (url) =>
        config(
          [`path: /chat, target: "${url}${chat}", provider: openai, auth: true`],
          `master_key: ${masterKey}`,
        ),
      clock.env,
    );
    const key = await makeKey(later.gateway, { tpm_limit: 10_000 });
    const frame = (body: object) => ({ write: chunks(`data: ${JSON.stringify(body)}\n\n`) });
    later.upstream.scripts.set(chat, [
      { write: chunkedHead("text/event-stream") },
      frame({ object: "chat.completion.chunk", choices: [{ delta: { content: "begun" } }] }),
      { wait: 400 },
      frame({ ...answer(900), object: "chat.completion.chunk" }),
      { write: lastChunk },
    ]);
    const usedNow = async () => {
      const reply = await call(later.port, postWith(key, "/chat", probe));
      return 10_000 - left(reply) - sizeOf(probe);
    };

    const client = await connectLive(later.port);
    await client.write(postWith(key, "/chat", { ...probe, max_tokens: 5_000, stream: true }));
    await client.waitFor("begun");
    clock.set(50);
    await client.waitFor("0\r\n\r\n");
    later.upstream.scripts.set(chat, jsonReply(answer(10)));

    expect(await usedNow()).toBe(900);
    clock.set(65);
    expect(await usedNow()).toBe(10); // those of the call before
  },
);

describe("tokens of a model", () => {
  const fields = { model_tpm_limit: { "gpt-4o": 3_000 } };

  test("an estimate holds its place until the call is over, then what it used", async () => {
    const key = await makeKey(gateway, fields);
    const large = { model: "gpt-4o", max_tokens: 2_900 };
    upstream.scripts.set(chat, [{ end: "hang" }]);
    const count = upstream.requests.length;

    const first = await connectLive(port);
    await first.write(postWith(key, "/chat", large));
    await soon(() => upstream.requests.length > count);
    upstream.scripts.set(chat, jsonReply(answer(50)));
    const second = await call(port, postWith(key, "/chat", large));
    const other = await call(port, postWith(key, "/chat", { ...large, model: "gpt-4o-mini" }));
    first.leave("reset");
    await soonRow(gateway, key.id, { error_code: "499" });

    expect(second).toMatchObject({ status: 429, type: "rate_limited" });
    expect(other.status).toBe(200);
    expect((await call(port, postWith(key, "/chat", large))).status).toBe(200);
  });

  test("an under-estimate closes the model's minute and no other's", async () => {
    const key = await makeKey(gateway, fields);
    upstream.scripts.set(chat, jsonReply(answer(3_100)));

    await call(port, postWith(key, "/chat", probe));
    const same = await call(port, postWith(key, "/chat", probe));
    const other = await call(port, postWith(key, "/chat", { model: "gpt-4o-mini" }));

    expect(same).toMatchObject({ status: 429, type: "rate_limited" });
    expect(other.status).toBe(200);
  });
});
