import type { Completion } from "./completion.ts";
import { eventStream, serverSentEvent } from "./event-stream.ts";
import { piecesOf } from "./text.ts";

/** A completion as a stream: the role, the pieces, the reason for the end, the usage where asked for, `[DONE]`. */
export function streamChat(completion: Completion, includeUsage: boolean): Response {
  return eventStream(events(completion, includeUsage));
}

function* events(completion: Completion, includeUsage: boolean): Generator<string> {
  const { id, created, model, finishReason, usage } = completion;
  const frame = { id, object: "chat.completion.chunk", created, model };
  const rest = {
    service_tier: "default",
    system_fingerprint: null,
    ...(includeUsage && { usage: null }), // null in all but the last: so says the API's reference
  };
  const chunk = (delta: object, finish_reason: string | null) =>
    serverSentEvent({
      ...frame,
      ...rest,
      choices: [{ index: 0, delta, logprobs: null, finish_reason }],
    });

  for (const delta of deltas(completion)) yield chunk(delta, null);
  yield chunk({}, finishReason);
  if (includeUsage) yield serverSentEvent({ ...frame, ...rest, choices: [], usage });
  yield "data: [DONE]\n\n";
}

function* deltas({ text, toolCall }: Completion): Generator<object> {
  if (toolCall === null) {
    yield { role: "assistant", content: "", refusal: null };
    for (const content of piecesOf(text ?? "")) yield { content };
    return;
  }
  const { id, name } = toolCall;
  const opening = { index: 0, id, type: "function", function: { name, arguments: "" } };
  yield { role: "assistant", content: null, tool_calls: [opening] };
  for (const piece of piecesOf(toolCall.arguments)) {
    yield { tool_calls: [{ index: 0, function: { arguments: piece } }] };
  }
}
