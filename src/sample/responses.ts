import { type Static, Type } from "@sinclair/typebox";
import { eventStream, serverSentEvent } from "./event-stream.ts";
import { serveJson } from "./json-request.ts";
import { refuseAsOpenAi } from "./openai-error.ts";
import { nowSeconds, randomId } from "./stamp.ts";
import {
  type Answer,
  answerTo,
  Content,
  countMessageTokens,
  countTokens,
  lastSaid,
  maybe,
  type Message,
  piecesOf,
} from "./text.ts";

/** A message has a role; other items (calls and their outputs, references) are neither read nor counted. */
const InputItem = Type.Object({
  role: Type.Optional(Type.String()),
  content: Type.Optional(Content),
});

const ResponsesRequest = Type.Object({
  model: Type.String(),
  input: Type.Union([Type.String(), Type.Array(InputItem, { minItems: 1 })]),
  instructions: maybe(Type.String()),
  max_output_tokens: maybe(Type.Integer({ minimum: 1 })),
  stream: maybe(Type.Boolean()),
});
type ResponsesRequest = Static<typeof ResponsesRequest>;

/** OpenAI's responses: says back what the user said last. Nothing is stored. */
export function answerResponses(request: Request): Promise<Response> {
  return serveJson(request, { schema: ResponsesRequest, refuse: refuseAsOpenAi, answer });
}

function answer(request: ResponsesRequest): Response {
  const messages = messagesOf(request.input);
  const reply = answerTo(lastSaid(messages), request.max_output_tokens);
  const inputTokens = countTokens(request.instructions ?? "") + countMessageTokens(messages);
  const frame = frameOf(request);
  const item = {
    id: randomId("msg_"),
    type: "message",
    status: reply.cut ? "incomplete" : "completed",
    role: "assistant",
    content: [partOf(reply.text)],
  };
  const done = { ...frame, ...endOf(reply), output: [item], usage: usageOf(inputTokens, reply) };
  if (request.stream !== true) return Response.json(done);
  const open = { ...frame, status: "in_progress", output: [], usage: null };
  return eventStream(inSequence(events(open, done, item)));
}

function messagesOf(input: ResponsesRequest["input"]): Message[] {
  if (typeof input === "string") return [{ role: "user", content: input }];
  return input.flatMap(({ role, content }) =>
    role === undefined ? [] : [{ role, content: content ?? null }],
  );
}

function frameOf({ model, instructions, max_output_tokens }: ResponsesRequest) {
  return {
    id: randomId("resp_"),
    object: "response",
    created_at: nowSeconds(),
    status: "completed",
    background: false,
    error: null,
    incomplete_details: null,
    instructions: instructions ?? null,
    max_output_tokens: max_output_tokens ?? null,
    metadata: {},
    model,
    parallel_tool_calls: true,
    previous_response_id: null,
    reasoning: { effort: null, summary: null },
    service_tier: "default",
    store: false,
    temperature: 1,
    text: { format: { type: "text" } },
    tool_choice: "auto",
    tools: [],
    top_p: 1,
    truncation: "disabled",
    user: null,
  };
}

function endOf({ cut }: Answer) {
  return cut
    ? { status: "incomplete", incomplete_details: { reason: "max_output_tokens" } }
    : { status: "completed", incomplete_details: null };
}

function usageOf(inputTokens: number, { tokens }: Answer) {
  return {
    input_tokens: inputTokens,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: tokens,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: inputTokens + tokens,
  };
}

function partOf(text: string) {
  return { type: "output_text", text, annotations: [], logprobs: [] };
}

type Item = { readonly id: string; readonly content: readonly { readonly text: string }[] };
type Event = { readonly type: string; readonly [field: string]: unknown };

function* events(open: object, done: { status: string }, item: Item): Generator<Event> {
  const text = item.content[0]?.text ?? "";
  const inItem = { item_id: item.id, output_index: 0, content_index: 0 };
  const emptyItem = { ...item, status: "in_progress", content: [] };

  yield { type: "response.created", response: open };
  yield { type: "response.in_progress", response: open };
  yield { type: "response.output_item.added", output_index: 0, item: emptyItem };
  yield { type: "response.content_part.added", ...inItem, part: partOf("") };
  for (const delta of piecesOf(text)) {
    yield { type: "response.output_text.delta", ...inItem, delta, logprobs: [] };
  }
  yield { type: "response.output_text.done", ...inItem, text, logprobs: [] };
  yield { type: "response.content_part.done", ...inItem, part: partOf(text) };
  yield { type: "response.output_item.done", output_index: 0, item };
  yield { type: `response.${done.status}`, response: done };
}

function* inSequence(all: Iterable<Event>): Generator<string> {
  let sequence_number = 0;
  for (const event of all) {
    yield serverSentEvent({ ...event, sequence_number }, event.type);
    sequence_number += 1;
  }
}
