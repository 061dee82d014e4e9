import { type Static, Type } from "@sinclair/typebox";
import { eventStream, serverSentEvent } from "./event-stream.ts";
import { type Refusal, serveJson } from "./json-request.ts";
import { randomId } from "./stamp.ts";
import {
  type Answer,
  answerTo,
  Content,
  countMessageTokens,
  countTokens,
  lastSaid,
  maybe,
  Message,
  piecesOf,
  textOf,
} from "./text.ts";

const MessagesRequest = Type.Object({
  model: Type.String(),
  max_tokens: Type.Integer({ minimum: 1 }),
  messages: Type.Array(Message, { minItems: 1 }),
  system: maybe(Content),
  stream: maybe(Type.Boolean()),
});
type MessagesRequest = Static<typeof MessagesRequest>;

/** Anthropic's messages: says back what the user said last. */
export function answerMessages(request: Request): Promise<Response> {
  return serveJson(request, { schema: MessagesRequest, refuse, answer });
}

function answer({ model, max_tokens, messages, system, stream }: MessagesRequest): Response {
  const reply = answerTo(lastSaid(messages), max_tokens);
  const inputTokens = countTokens(textOf(system)) + countMessageTokens(messages);
  const frame = { id: randomId("msg_"), type: "message", role: "assistant", model };
  const headers = { "request-id": randomId("req_") };
  if (stream === true) return eventStream(events(frame, reply, inputTokens), undefined, headers);
  const content = [{ type: "text", text: reply.text }];
  const usage = usageOf(inputTokens, reply.tokens);
  return Response.json({ ...frame, content, ...endOf(reply), usage }, { headers });
}

function* events(frame: object, reply: Answer, inputTokens: number): Generator<string> {
  const event = (type: string, rest: object = {}) => serverSentEvent({ type, ...rest }, type);
  const opening = { content: [], stop_reason: null, stop_sequence: null };

  yield event("message_start", {
    message: { ...frame, ...opening, usage: usageOf(inputTokens, 1) },
  });
  yield event("content_block_start", { index: 0, content_block: { type: "text", text: "" } });
  yield event("ping");
  for (const text of piecesOf(reply.text)) {
    yield event("content_block_delta", { index: 0, delta: { type: "text_delta", text } });
  }
  yield event("content_block_stop", { index: 0 });
  yield event("message_delta", {
    delta: endOf(reply),
    usage: {
      input_tokens: inputTokens,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 0,
      output_tokens: reply.tokens,
    },
  });
  yield event("message_stop");
}

function endOf({ cut }: Answer) {
  return { stop_reason: cut ? "max_tokens" : "end_turn", stop_sequence: null };
}

function usageOf(inputTokens: number, outputTokens: number) {
  return {
    input_tokens: inputTokens,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
    output_tokens: outputTokens,
    service_tier: "standard",
  };
}

function refuse({ status, message }: Refusal): Response {
  const requestId = randomId("req_");
  const type = status === 413 ? "request_too_large" : "invalid_request_error";
  return Response.json(
    { type: "error", error: { type, message }, request_id: requestId },
    { status, headers: { "request-id": requestId } },
  );
}
