import { expect, test } from "bun:test";
import type { RecordedRequest, Step } from "../helpers/raw-upstream.ts";
import { events, json, membersOf } from "./answers.ts";
import { bothWays, sentText, throughGateway } from "./both-ways.ts";
import { runPython, withoutVenv } from "./python.ts";
import { expectSameCalls } from "./same-calls.ts";

const masterKey = "the-key-of-this-gateway";
const setup = { config, env: { OPENAI_API_KEY: "openai-key-of-the-route" }, answer };

test.skipIf(withoutVenv("current"))(
  "OpenAI's SDK below a route: a reply, a stream and an upload",
  async () => {
    const ways = await bothWays(setup, (port) => run(port, masterKey));

    expectSameCalls(ways, {
      own: { Authorization: "Bearer openai-key-of-the-route" },
      forwards: (name) => name !== "authorization",
    });
    expect(ways.relayed.outcome.stdout).toContain("events come one by one: True");
    const upload = ways.relayed.requests.find(({ target }) => target === "/v1/files");
    expect(upload?.bodySize()).toBeGreaterThan(200_000);
    expect(sentText(ways)).not.toContain(masterKey);
  },
  20_000,
);

test.skipIf(withoutVenv("current"))(
  "OpenAI's SDK with a wrong key raises its AuthenticationError, and nothing is sent on",
  async () => {
    const { outcome, requests } = await throughGateway(setup, (port) =>
      run(port, "sk-of-somebody-else"),
    );

    expect(outcome).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^401 /) });
    expect(requests).toBeEmpty();
  },
  20_000,
);

function run(port: number, key: string) {
  const script = { venv: "current", script: "openai-calls.py", env: { CLIENT_KEY: key } } as const;
  return runPython(script, port);
}

function config(url: string): string {
  return `
general_settings:
  master_key: ${masterKey}
  pass_through_endpoints:
    - path: /v1
      target: ${url}/v1
      include_subpath: true
      forward_headers: true
      auth: true
      headers:
        Authorization: Bearer os.environ/OPENAI_API_KEY
`;
}

function answer(request: RecordedRequest): readonly Step[] {
  if (request.target === "/v1/files") {
    const file = {
      id: "file-1",
      object: "file",
      bytes: 220_000,
      created_at: 1,
      status: "processed",
    };
    return [json(200, { ...file, filename: "räport.jsonl", purpose: "batch" })];
  }
  if (membersOf(request)["stream"] === true) return events(chunks);
  const message = { role: "assistant", content: "Guten Tag, ☃", refusal: null };
  const choices = [{ index: 0, message, finish_reason: "stop", logprobs: null }];
  const usage = { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 };
  return [json(200, { ...completion, object: "chat.completion", choices, usage })];
}

const completion = { id: "chatcmpl-1", created: 1_750_000_000, model: "gpt-4o" };

const chunks = [
  ...["Guten", " Tag", ", ☃", "!"].map((content) => {
    const choices = [{ index: 0, delta: { content }, finish_reason: null }];
    return `data: ${JSON.stringify({ ...completion, object: "chat.completion.chunk", choices })}\n\n`;
  }),
  "data: [DONE]\n\n",
];
