/** What travels in the benchmark: shared by the upstream, the drivers and the checks. */

/** A chat request of about 1 KB, as clients send it. */
export const requestBody = JSON.stringify({
  model: "gpt-4o",
  temperature: 0.2,
  messages: [
    { role: "system", content: "You answer briefly. ".repeat(12) },
    { role: "user", content: "How long is a piece of string, and who asks? ".repeat(15) },
  ],
});

/** Sent where callers have no key of the gateway. */
export const strangersKey = "sk-of-the-client";

/** Headers of every driven request beside its key; `wrk.lua` reads them from the file written by the bench. */
export const requestHeaders: Readonly<Record<string, string>> = {
  accept: "application/json",
  "content-type": "application/json",
  "user-agent": "bench/1",
};

/** A JSON reply of exactly `size` bytes. */
function jsonReply(size: number): string {
  const frame = JSON.stringify({ id: "reply-1", object: "chat.completion", content: "" });
  return frame.replace('""', `"${"x".repeat(size - frame.length)}"`);
}

/** What a priced reply tells that it used. */
const usage = { prompt_tokens: 200, completion_tokens: 100, total_tokens: 300 };

/** What that costs by the list price of gpt-4o, USD 2.50 and 10 for a million tokens. */
export const meteredNanoUsd = 200 * 2_500 + 100 * 10_000;

/** A chat reply of exactly `size` bytes, as OpenAI sends it, with its usage. */
function chatReply(size: number): string {
  const message = { role: "assistant", content: "" };
  const frame = JSON.stringify({
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1_760_000_000,
    model: "gpt-4o-2024-08-06",
    choices: [{ index: 0, message, logprobs: null, finish_reason: "stop" }],
    usage,
  });
  return frame.replace('""', `"${words(size - frame.length)}"`);
}

/** One event of a chat stream, of about 130 bytes, as OpenAI sends it; none but the last tells of usage. */
export function chatEvent(index: number): string {
  const choices = [{ index: 0, delta: { content: ` word ${index % 10}` } }];
  return `data: ${JSON.stringify({ id: "chatcmpl-1", object: "chat.completion.chunk", model: "gpt-4o", choices })}\n\n`;
}

const lastChunk = { id: "chatcmpl-1", object: "chat.completion.chunk", model: "gpt-4o" };

/** The two events that end a chat stream. */
export const chatEnd = `data: ${JSON.stringify({ ...lastChunk, choices: [], usage })}\n\ndata: [DONE]\n\n`;

/** A chat request of exactly `size` bytes. */
export function longRequest(size: number): string {
  const messages = [{ role: "user", content: "" }];
  const frame = JSON.stringify({ model: "gpt-4o", max_tokens: 256, messages });
  return frame.replace('""', `"${words(size - frame.length)}"`);
}

/** Text of exactly so many bytes, always the same, whose words differ: text that repeats costs a log next to nothing. */
function words(bytes: number): string {
  const pieces: string[] = [];
  let seed = 1;
  for (let length = 0; length < bytes; length += pieces.at(-1)?.length ?? 1) {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    pieces.push(`${seed.toString(36)} `);
  }
  return pieces.join("").slice(0, bytes);
}

/** Where OpenAI's chats are: what a reply tells of usage goes by the call. */
export const chatPath = "/pt/v1/chat/completions";

/** The precomputed JSON replies by path. */
export const replies: Readonly<Record<string, string>> = {
  "/pt/json-1k": jsonReply(1_024),
  "/pt/json-400k": jsonReply(400 * 1_024),
  [chatPath]: chatReply(1_024),
};

/** The bytes of a JSON request, the small one unless said otherwise, as one HTTP/1.1 message. */
export function requestBytes(path: string, key = strangersKey, body = requestBody): Uint8Array {
  const headers = Object.entries(requestHeaders).map(([name, value]) => `${name}: ${value}\r\n`);
  const length = `content-length: ${Buffer.byteLength(body)}\r\n`;
  return Buffer.from(
    `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${key}\r\n${headers.join("")}${length}\r\n${body}`,
  );
}

/** One step of a generated upload: the same megabyte, stamped with its index. */
export const uploadBlockBytes = 1_048_576;
