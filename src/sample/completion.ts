import { type Static, Type } from "@sinclair/typebox";
import { nowSeconds, randomId } from "./stamp.ts";
import { answerTo, countMessageTokens, countTokens, lastSaid, maybe, Message } from "./text.ts";
import { Tool, type ToolCall, ToolChoice, toolCallFor } from "./tool-call.ts";

/** What is read of a chat request; all else is left alone. */
export const ChatRequest = Type.Object({
  model: Type.String(),
  messages: Type.Array(Message, { minItems: 1 }),
  stream: maybe(Type.Boolean()),
  stream_options: maybe(Type.Object({ include_usage: maybe(Type.Boolean()) })),
  max_tokens: maybe(Type.Integer({ minimum: 1 })),
  max_completion_tokens: maybe(Type.Integer({ minimum: 1 })),
  tools: maybe(Type.Array(Tool)),
  tool_choice: maybe(ToolChoice),
});
export type ChatRequest = Static<typeof ChatRequest>;

/** One completion, before it is written plain or as a stream. */
export interface Completion {
  readonly id: string;
  readonly created: number;
  readonly model: string;
  /** Text, or a call of a tool. */
  readonly text: string | null;
  readonly toolCall: (ToolCall & { readonly id: string }) | null;
  readonly finishReason: "stop" | "length" | "tool_calls";
  readonly usage: ReturnType<typeof usageOf>;
}

/** Says back what the user said last, or calls a tool where one is required. */
export function complete(request: ChatRequest): Completion {
  const { model, messages } = request;
  const said = lastSaid(messages);
  const frame = { id: randomId("chatcmpl-"), created: nowSeconds(), model };
  const promptTokens = countMessageTokens(messages);
  const call = toolCallFor(request.tools ?? [], request.tool_choice, said);
  if (call !== null) {
    const usage = usageOf(promptTokens, countTokens(call.name + call.arguments));
    const toolCall = { id: randomId("call_"), ...call };
    return { ...frame, text: null, toolCall, finishReason: "tool_calls", usage };
  }
  const { text, tokens, cut } = answerTo(said, request.max_completion_tokens ?? request.max_tokens);
  const usage = usageOf(promptTokens, tokens);
  return { ...frame, text, toolCall: null, finishReason: cut ? "length" : "stop", usage };
}

function usageOf(promptTokens: number, completionTokens: number) {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: 0,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}
