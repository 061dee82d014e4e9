import { expect, test } from "bun:test";
import { costRows } from "../cost/exchange.ts";
import { startCostHouseOf } from "../cost/house.ts";
import { masterKey } from "../gateway/wire.ts";
import type { RecordedRequest, Step } from "../helpers/raw-upstream.ts";
import { events, membersOf } from "./answers.ts";
import { runPython, withoutVenv } from "./python.ts";

test.skipIf(withoutVenv("current"))(
  "OpenAI's and Anthropic's SDKs take the cost in a stream's usage, see no chunk they did not ask for, and are priced",
  async () => {
    await using house = await startCostHouseOf(config);
    house.upstream.scripts.set("/v1/chat/completions", chat);
    house.upstream.scripts.set("/v1/messages", events(messages.map(eventOf)));
    const script = {
      venv: "current",
      script: "usage-calls.py",
      env: { CLIENT_KEY: masterKey },
    } as const;
    const outcome = await runPython(script, house.port);

    expect(outcome).toMatchObject({ exitCode: 0, stderr: "" });
    expect(JSON.parse(outcome.stdout)).toEqual({
      costed: { texts, usages: [{ ...chatUsage, cost: chatCost }], without_choices: 1 },
      asking: { texts, usages: [], without_choices: 0 },
      anthropic: { texts: [texts.join("")], usages: [{ output_tokens: 5, cost: messagesCost }] },
    });
    const chatRow = { model: "gpt-4o", prompt_tokens: 9, completion_tokens: 4, spend: chatCost };
    const anthropicRow = { prompt_tokens: 110, completion_tokens: 5, spend: messagesCost };
    const rows = (route: string) => costRows(house.gateway, { route });
    expect(await rows("/costed")).toMatchObject([{ ...chatRow, stream: true, estimated: false }]);
    expect(await rows("/asking")).toMatchObject([{ ...chatRow, stream: true, estimated: false }]);
    expect(await rows("/anthropic")).toMatchObject([
      { model: "claude-haiku-4-5", ...anthropicRow },
    ]);
  },
  20_000,
);

function config(url: string): string {
  const common = `target: "${url}", include_subpath: true, auth: true`;
  return `
litellm_settings:
  include_cost_in_streaming_usage: true
general_settings:
  master_key: ${masterKey}
  pass_through_endpoints:
    - { path: /costed, provider: openai, ${common} }
    - { path: /asking, provider: openai, request_stream_usage: true, ${common} }
    - { path: /anthropic, provider: anthropic, forward_headers: true, ${common} }
`;
}

const texts = ["Guten", " Tag", ", ☃"];

const chatUsage = { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 };

/** 9 × $2.50 and 4 × $10 a million. */
const chatCost = 0.0000625;

/** 10 × $1, 100 read from the cache × $0.10 and 5 × $5 a million. */
const messagesCost = 0.000045;

/** As the API does, it tells the usage only to who asks for it, in a chunk without choices. */
function chat(request: RecordedRequest): readonly Step[] {
  const options = membersOf(request)["stream_options"];
  const chunk = { id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: "gpt-4o" };
  const told = texts.map((content) => ({
    ...chunk,
    choices: [{ index: 0, delta: { content }, finish_reason: null }],
  }));
  const usage = options === undefined ? [] : [{ ...chunk, choices: [], usage: chatUsage }];
  const frames = [...told, ...usage].map((data) => `data: ${JSON.stringify(data)}\n\n`);
  return events([...frames, "data: [DONE]\n\n"]);
}

const message = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "claude-haiku-4-5",
  content: [],
  stop_reason: null,
  stop_sequence: null,
  usage: { input_tokens: 10, cache_read_input_tokens: 100, output_tokens: 1 },
};

const messages = [
  { type: "message_start", message },
  { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
  ...texts.map((text) => ({
    type: "content_block_delta",
    index: 0,
    delta: { type: "text_delta", text },
  })),
  { type: "content_block_stop", index: 0 },
  {
    type: "message_delta",
    delta: { stop_reason: "end_turn", stop_sequence: null },
    usage: { output_tokens: 5 },
  },
  { type: "message_stop" },
];

function eventOf(data: { readonly type: string }): string {
  return `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
}
