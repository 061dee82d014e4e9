import { expect, test } from "bun:test";
import { Elysia } from "elysia";
import { KeyDigester } from "../../src/core/key.ts";
import type { ListedModel } from "../../src/core/metering-settings.ts";
import { errors } from "../../src/http/errors.ts";
import { createFailedAttempts } from "../../src/http/failed-attempts.ts";
import { spendCalculate } from "../../src/http/spend-calculate.ts";
import { openKeyBook } from "../../src/keys/key-book.ts";
import { modelPricesOf } from "../../src/pricing/model-prices.ts";
import { createPrices } from "../../src/pricing/prices.ts";
import { formatOf } from "../../src/providers/index.ts";
import { openKeyStore } from "../../src/storage/sqlite/key-store.ts";
import { build } from "../config/load.ts";
import { temporaryFolder } from "../process/program.ts";
import { ask, masterKey } from "./admin-app.ts";

const dear: ListedModel = {
  name: "house",
  model: null,
  info: { input_cost_per_token: 0.001, output_cost_per_token: 0.002 },
};

/** The route alone, over real keys and the real catalogue. */
function start() {
  const folder = temporaryFolder();
  const store = openKeyStore(folder.file("tollgate.db"));
  const book = openKeyBook({ store, digester: new KeyDigester("pepper of this test") });
  const rules = build(`general_settings:\n  master_key: ${masterKey}\n`).runtime?.rules;
  const format = formatOf(null, "");
  if (rules === undefined || format === null) throw new Error("no rules");
  const prices = createPrices({ route: null, models: modelPricesOf([dear]).prices });
  const admin = {
    rules: () => rules,
    adminHosts: () => new Set<string>(),
    entrance: {
      addressOf: () => "127.0.0.1",
      onLoopback: true,
      isTls: false,
      hold: () => {},
      release: () => {},
    },
    book,
    standings: { standing: () => ({ spentNanoUsd: 0, heldNanoUsd: 0, periodStart: 0 }) },
    adjust: () => {},
    masterKey: () => rules.keys.masterKey,
    failures: createFailedAttempts(() => 0),
    sessions: null,
    trusted: null,
  };
  const app = new Elysia({ strictPath: true })
    .use(errors(() => {}))
    .use(spendCalculate(admin, { prices: () => prices, format }));
  return {
    async post(body: unknown, key: string | null = masterKey) {
      const response = await app.handle(ask("POST", "/spend/calculate", body, key));
      const text = await response.text();
      return { status: response.status, body: JSON.parse(text) };
    },
    key: () => book.create({}, null, "test").key,
    [Symbol.dispose]() {
      store.close();
      folder[Symbol.dispose]();
    },
  };
}

const chat = {
  id: "chatcmpl-1",
  object: "chat.completion",
  model: "gpt-4o-2024-08-06",
  choices: [{ index: 0, message: { role: "assistant", content: "Hello" }, finish_reason: "stop" }],
  usage: {
    prompt_tokens: 1000,
    completion_tokens: 100,
    total_tokens: 1100,
    prompt_tokens_details: { cached_tokens: 400 },
  },
};

test("a reply costs what its usage does, as LiteLLM is asked", async () => {
  using gateway = start();

  const { status, body } = await gateway.post({ completion_response: chat });

  expect(status).toBe(200);
  expect(body).toEqual({
    cost: 0.003, // 600 x 2.5 + 400 x 1.25 + 100 x 10 for a million
    source: "openai/gpt-4o",
    reason: null,
    estimated: false,
    usage: expect.objectContaining({ input: 1000, output: 100, cached: 400 }),
  });
});

test("the model that is asked for wins over the reply's", async () => {
  using gateway = start();

  const { body } = await gateway.post({ model: "house", completion_response: chat });

  expect(body).toMatchObject({ cost: 1.2, source: "model_list house" });
});

test("a reply of another provider is read by its shape", async () => {
  using gateway = start();
  const message = {
    type: "message",
    role: "assistant",
    model: "claude-haiku-4-5-20251001",
    content: [{ type: "text", text: "Hello" }],
    usage: { input_tokens: 100, cache_read_input_tokens: 50, output_tokens: 10 },
  };

  const { body } = await gateway.post({ completion_response: message });

  expect(body).toMatchObject({ cost: 0.000155, source: "anthropic/claude-haiku-4-5" });
});

test("messages are an estimate of their input, from above", async () => {
  using gateway = start();
  const messages = [{ role: "user", content: "Hey, how is it going?" }];

  const { body } = await gateway.post({ model: "house", messages });

  expect(body).toMatchObject({ cost: 0.013, estimated: true, usage: { input: 13 } });
});

test("units are priced as they stand in records", async () => {
  using gateway = start();

  const rerank = { provider: "cohere", model: "rerank-v3.5", usage: { search_units: 3 } };
  const write = { model: "anthropic/claude-haiku-4-5", usage: { input: 10, cache_write_1h: 10 } };

  expect((await gateway.post(rerank)).body).toMatchObject({ cost: 0.006 });
  expect((await gateway.post(write)).body).toMatchObject({ cost: 0.00002 });
});

test("what has no price has none, and a reason", async () => {
  using gateway = start();
  const reason = expect.stringContaining("no_price");

  const { status, body } = await gateway.post({ model: "nobody-has-it", usage: { input: 1 } });

  expect(status).toBe(200);
  expect(body).toMatchObject({ cost: null, source: null, reason });
  expect((await gateway.post({ usage: { input: 1 } })).body).toMatchObject({
    cost: null,
    reason: expect.stringContaining("no_model"),
  });
  expect((await gateway.post({ completion_response: { a: 1 } })).body).toMatchObject({
    cost: null,
    reason: expect.stringContaining("no_usage"),
  });
});

test.each([
  [{}, "One of messages, completion_response, usage is meant."],
  [{ usage: {}, messages: [] }, "One of messages, completion_response, usage is meant."],
  [{ model: "m", usage: { inputs: 1 } }, "Did you mean input?"],
  [{ model: "m", usage: { input: -1 } }, "usage.input: a count is meant"],
  [{ model: "m", usage: { input: "1" } }, "usage.input: a count is meant"],
  [{ modle: "m", usage: { input: 1 } }, "Did you mean model?"],
  [{ model: 4, usage: { input: 1 } }, "model: a text is meant."],
  [{ model: "m", usage: 4 }, "usage: counts by unit is meant."],
])("%j is refused", async (asked, message) => {
  using gateway = start();

  const { status, body } = await gateway.post(asked);

  expect(status).toBe(400);
  expect(body.error.message).toContain(message);
});

test("it answers admins alone", async () => {
  using gateway = start();
  const body = { model: "house", usage: { input: 1 } };

  expect((await gateway.post(body, null)).status).toBe(401);
  expect((await gateway.post(body, "sk-some-other-key-of-nobody")).status).toBe(401);
  expect((await gateway.post(body, gateway.key())).status).toBe(403);
});
