import { streamChat } from "./chat-stream.ts";
import { ChatRequest, complete, type Completion } from "./completion.ts";
import { serveJson } from "./json-request.ts";
import { refuseAsOpenAi } from "./openai-error.ts";

/** OpenAI's chat completions, plain or streamed. */
export function answerChat(request: Request): Promise<Response> {
  return serveJson(request, { schema: ChatRequest, refuse: refuseAsOpenAi, answer });
}

function answer(request: ChatRequest): Response {
  const completion = complete(request);
  if (request.stream !== true) return Response.json(plain(completion));
  return streamChat(completion, request.stream_options?.include_usage === true);
}

function plain({ id, created, model, text, toolCall, finishReason, usage }: Completion) {
  const message = { role: "assistant", content: text, refusal: null, annotations: [] };
  const calls = toolCall === null ? {} : { tool_calls: [openAiToolCall(toolCall)] };
  const choice = { index: 0, message: { ...message, ...calls }, logprobs: null };
  return {
    id,
    object: "chat.completion",
    created,
    model,
    choices: [{ ...choice, finish_reason: finishReason }],
    usage,
    service_tier: "default",
    system_fingerprint: null,
  };
}

function openAiToolCall({ id, name, arguments: text }: NonNullable<Completion["toolCall"]>) {
  return { id, type: "function", function: { name, arguments: text } };
}
