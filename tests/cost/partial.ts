import { connectLive } from "../gateway/live-client.ts";
import { type MadeKey, makeKey } from "../helpers/keys.ts";
import type { Step } from "../helpers/raw-upstream.ts";
import { postWith } from "../limits/house.ts";
import { chunkedHead, chunks, soon } from "./exchange.ts";
import { type CostHouse, startCostHouse } from "./house.ts";

const openai = "provider: openai, auth: true";
const pathsUp: Readonly<Record<string, string>> = {
  "/chat": "/v1/chat/completions",
  "/shaped": "/v1/chat/completions",
  "/flat": "/v1/chat/completions",
  "/embed": "/v1/embeddings",
  "/claude": "/v1/messages",
  "/ocr": "/v1/ocr",
  "/bedrock": "/model/amazon.nova-lite-v1:0/invoke",
};

/** Routes for replies that do not come to their end. */
export function startPartialHouse(): Promise<CostHouse> {
  const to = (path: string) => `path: ${path}, target: "UP${pathsUp[path] ?? path}"`;
  return startCostHouse([
    `${to("/chat")}, ${openai}`,
    `${to("/embed")}, ${openai}`,
    `${to("/shaped")}, auth: true`,
    `${to("/claude")}, provider: anthropic, auth: true`,
    `${to("/flat")}, auth: true, cost_per_request: 0.02`,
    `${to("/ocr")}, provider: mistral, auth: true`,
    `${to("/bedrock")}, provider: bedrock, auth: true`,
  ]);
}

const chunk = (rest: object) =>
  `data: ${JSON.stringify({ object: "chat.completion.chunk", model: "gpt-4o", ...rest })}\n\n`;
const word = (content: string) => chunk({ choices: [{ index: 0, delta: { content } }] });
const told = { prompt_tokens: 19, completion_tokens: 10, total_tokens: 29 };

/** Three events of OpenAI's that tell no usage, and one that does: 19 in, 10 out. */
export const words = ["One", "two", "three"].map(word).join("");
export const usageFrame = chunk({ choices: [], usage: told });

const named = (type: string, rest: object) =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`;
const claudeUsage = { input_tokens: 25, cache_read_input_tokens: 1_200, output_tokens: 1 };

/** Anthropic's first event, which tells its input, and one of text. */
export const messageStart = named("message_start", {
  message: { model: "claude-sonnet-4-5", usage: claudeUsage },
});
export const claudeDelta = named("content_block_delta", {
  index: 0,
  delta: { type: "text_delta", text: "Hi" },
});

export const asked = { model: "gpt-4o", stream: true, messages: [{ role: "user", content: "Go" }] };

/** Four bytes of the request a token. */
export const inputEstimate = Math.ceil(JSON.stringify(asked).length / 4);

/** Of gpt-4o: $2.50 and $10 a million. */
export const gpt4o = (input: number, output: number) => (input * 2_500 + output * 10_000) / 1e9;

/** Sends these events and waits a moment. */
export function streams(text: string): Step[] {
  return [{ write: chunkedHead("text/event-stream") }, { write: chunks(text) }, { wait: 30 }];
}

/** Begins such a document and waits a moment. */
export function documentOf(begun: string, ...lines: readonly string[]): Step[] {
  const head = chunkedHead("application/json", ...lines);
  return [{ write: head }, { write: chunks(begun) }, { wait: 30 }];
}

export interface Calling {
  readonly path: string;
  readonly script: readonly Step[];
  readonly body?: object;
}

/** Calls with a key of its own, by which the one row is found; resolves once the request went up. */
export async function calling(house: CostHouse, { path, script, body = asked }: Calling) {
  const { upstream, gateway, port } = house;
  upstream.scripts.set(pathsUp[path] ?? path, script);
  const key: MadeKey = await makeKey(gateway);
  const count = upstream.requests.length;
  const client = await connectLive(port);
  await client.write(postWith(key, path, body));
  await soon(() => upstream.requests.length > count);
  const sent = upstream.requests[count];
  if (sent === undefined) throw new Error("nothing went up");
  return { key, client, sent };
}
