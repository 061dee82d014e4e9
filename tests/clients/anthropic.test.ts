import { expect, test } from "bun:test";
import type { RecordedRequest, Step } from "../helpers/raw-upstream.ts";
import { events, json, membersOf } from "./answers.ts";
import { bothWays, sentText, throughGateway } from "./both-ways.ts";
import { runPython, withoutVenv } from "./python.ts";
import { expectSameCalls } from "./same-calls.ts";

const masterKey = "the-key-of-this-gateway";
const setup = { config, env: { ANTHROPIC_API_KEY: "anthropic-key-of-the-route" }, answer };

test.skipIf(withoutVenv("current"))(
  "Anthropic's SDK on its own path: the key becomes the route's, the beta header goes on",
  async () => {
    const ways = await bothWays(setup, (port) => run(port, masterKey));

    expectSameCalls(ways, {
      own: { "x-api-key": "anthropic-key-of-the-route" },
      forwards: (name) => !["authorization", "api-key", "x-api-key"].includes(name),
    });
    expect(ways.relayed.outcome.stdout).toContain("events come one by one: True");
    expect(sentText(ways)).toContain("anthropic-beta: some-beta");
    expect(sentText(ways)).not.toContain(masterKey);
    expect(sentText(ways)).not.toContain("anything");
  },
  20_000,
);

test.skipIf(withoutVenv("current"))(
  "Anthropic's SDK with a wrong key raises its AuthenticationError, and nothing is sent on",
  async () => {
    const { outcome, requests } = await throughGateway(setup, (port) =>
      run(port, "sk-of-somebody-else"),
    );

    expect(outcome).toMatchObject({ exitCode: 0, stdout: "401\n" });
    expect(requests).toBeEmpty();
  },
  20_000,
);

function run(port: number, key: string) {
  const env = { CLIENT_KEY: key };
  return runPython({ venv: "current", script: "anthropic-calls.py", env }, port);
}

function config(url: string): string {
  return `
general_settings:
  master_key: ${masterKey}
  pass_through_endpoints:
    - path: /v1/messages
      target: ${url}/v1/messages
      forward_headers: true
      auth: true
      headers:
        x-api-key: os.environ/ANTHROPIC_API_KEY
`;
}

function answer(request: RecordedRequest): readonly Step[] {
  if (membersOf(request)["stream"] === true) return events(streamed.map(eventOf));
  const content = [{ type: "text", text: "Guten Tag, ☃" }];
  return [json(200, { ...message, content, stop_reason: "end_turn" })];
}

const message = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "claude-test",
  stop_reason: null,
  stop_sequence: null,
  usage: { input_tokens: 9, output_tokens: 4 },
};

const streamed = [
  { type: "message_start", message: { ...message, content: [] } },
  { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
  { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Guten " } },
  { type: "ping" },
  { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Tag, ☃" } },
  { type: "content_block_stop", index: 0 },
  {
    type: "message_delta",
    delta: { stop_reason: "end_turn", stop_sequence: null },
    usage: { output_tokens: 4 },
  },
  { type: "message_stop" },
];

function eventOf(data: { readonly type: string }): string {
  return `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
}
