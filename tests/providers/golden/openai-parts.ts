import { type GoldenUsage, sse } from "../golden.ts";

/** Of a reply that tells nothing. */
export const nothingTold: GoldenUsage = {
  provider: null,
  model: null,
  usage: null,
  isFinal: false,
};

interface Forms {
  reply(usage: object): object;
  /** Usage in a last frame of its own; none where it was not asked for. */
  stream(usage: object | undefined): string;
  /** A stream that broke off. */
  readonly begun: string;
}

const id = "chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT";
const created = 1741569952;

/** The reference's answer to "Hello!", in its forms. */
export function openAiChat(model: string): Forms {
  const message = {
    role: "assistant",
    content: "Hello! How can I assist you today?",
    refusal: null,
    annotations: [],
  };
  const deltas = [
    { role: "assistant", content: "", refusal: null },
    { content: "Hello" },
    { content: "! How can I assist you today?" },
  ];
  return formsOf(model, message, deltas, "stop");
}

/** The reference's call of a function. */
export function openAiTool(model: string): Forms {
  const tool = { name: "get_current_weather", arguments: '{\n"location": "Boston, MA"\n}' };
  const message = {
    role: "assistant",
    content: null,
    tool_calls: [{ id: "call_abc123", type: "function", function: tool }],
  };
  const begun = { ...tool, arguments: "" };
  const deltas = [
    {
      role: "assistant",
      content: null,
      refusal: null,
      tool_calls: [{ index: 0, id: "call_abc123", type: "function", function: begun }],
    },
    { tool_calls: [{ index: 0, function: { arguments: tool.arguments } }] },
  ];
  return formsOf(model, message, deltas, "tool_calls");
}

function formsOf(model: string, message: object, deltas: readonly object[], end: string): Forms {
  const chunk = (rest: object) => ({
    id,
    object: "chat.completion.chunk",
    created,
    model,
    service_tier: "default",
    system_fingerprint: "fp_44709d6fcb",
    ...rest,
  });
  const choice = (delta: object, finish_reason: string | null) =>
    chunk({ choices: [{ index: 0, delta, logprobs: null, finish_reason }], usage: null });
  const begun = deltas.map((delta) => choice(delta, null));
  return {
    reply: (usage) => ({
      id,
      object: "chat.completion",
      created,
      model,
      choices: [{ index: 0, message, logprobs: null, finish_reason: end }],
      usage,
      service_tier: "default",
    }),
    stream: (usage) =>
      sse(
        ...begun,
        choice({}, end),
        ...(usage === undefined ? [] : [chunk({ choices: [], usage })]),
      ),
    begun: sse(...begun).replace("data: [DONE]\n\n", ""),
  };
}
