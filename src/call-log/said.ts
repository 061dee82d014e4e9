/** A piece of what a stream says: pieces of the same voice belong together. */
export interface Piece {
  /** `text`, `reasoning`, `tool 0`: which of the things that are said at the same time. */
  readonly voice: string;
  readonly text: string;
}

type Json = Readonly<Record<string, unknown>>;

/** What one message of a stream says, in the formats of the known APIs; nothing where it is of none of them. */
export function saidBy(message: unknown): Piece[] {
  if (!isObject(message)) return [];
  for (const read of [openAiChat, openAiResponses, anthropic, gemini, cohere, converse, ollama]) {
    const pieces = read(message).filter(({ text }) => text !== "");
    if (pieces.length > 0) return pieces;
  }
  return [];
}

function openAiChat(message: Json): Piece[] {
  return objectsIn(message["choices"]).flatMap((choice) => {
    const at = Number(choice["index"] ?? 0);
    const suffix = at === 0 ? "" : ` ${at}`;
    const delta = objectOf(choice["delta"] ?? choice["message"]);
    return [
      piece(`reasoning${suffix}`, delta["reasoning_content"] ?? delta["reasoning"]),
      piece(`text${suffix}`, delta["content"] ?? delta["refusal"] ?? choice["text"]),
      ...objectsIn(delta["tool_calls"]).flatMap((call) => openAiTool(call, suffix)),
    ];
  });
}

function openAiTool(call: Json, suffix: string): Piece[] {
  const voice = `tool ${textIn(call["index"] ?? 0)}${suffix}`;
  const { name, arguments: parts } = objectOf(call["function"]);
  return [piece(voice, named(name)), piece(voice, parts)];
}

function openAiResponses(message: Json): Piece[] {
  const type = textIn(message["type"]);
  const at = textIn(message["output_index"] ?? 0);
  const item = objectOf(message["item"]);
  if (type === "response.output_item.added") return [piece(`tool ${at}`, named(item["name"]))];
  if (!type.startsWith("response.") || !type.endsWith(".delta")) return [];
  if (type.includes("reasoning")) return [piece(`reasoning ${at}`, message["delta"])];
  const isText = /output_text|refusal|transcript/.test(type);
  return [piece(isText ? `text ${at}` : `tool ${at}`, message["delta"])];
}

function anthropic(message: Json): Piece[] {
  const at = textIn(message["index"] ?? 0);
  const block = objectOf(message["content_block"]);
  const delta = objectOf(message["delta"]);
  return [
    piece(`tool ${at}`, named(block["name"])),
    piece(`text ${at}`, block["text"] ?? delta["text"]),
    piece(`reasoning ${at}`, delta["thinking"]),
    piece(`tool ${at}`, delta["partial_json"]),
  ];
}

function gemini(message: Json): Piece[] {
  const inner = isObject(message["response"]) ? message["response"] : message;
  return objectsIn(inner["candidates"]).flatMap((candidate, at) =>
    objectsIn(objectOf(candidate["content"])["parts"]).flatMap((part) => {
      const call = objectOf(part["functionCall"]);
      const suffix = at === 0 ? "" : ` ${at}`;
      const voice = part["thought"] === true ? "reasoning" : "text";
      const parts = call["args"] === undefined ? "" : JSON.stringify(call["args"]);
      return [
        piece(voice + suffix, part["text"]),
        piece(`tool${suffix}`, named(call["name"])),
        piece(`tool${suffix}`, parts),
      ];
    }),
  );
}

function cohere(message: Json): Piece[] {
  if (message["event_type"] === "text-generation") return [piece("text", message["text"])];
  const inner = objectOf(objectOf(message["delta"])["message"]);
  const content = objectOf(inner["content"]);
  const tool = objectOf(objectOf(inner["tool_calls"])["function"]);
  const voice = `tool ${textIn(message["index"] ?? 0)}`;
  return [
    piece("reasoning", inner["tool_plan"] ?? content["thinking"]),
    piece("text", content["text"]),
    piece(voice, named(tool["name"])),
    piece(voice, tool["arguments"]),
  ];
}

/** Bedrock's Converse. */
function converse(message: Json): Piece[] {
  const at = textIn(message["contentBlockIndex"] ?? 0);
  const delta = objectOf(message["delta"]);
  const start = objectOf(objectOf(message["start"])["toolUse"]);
  return [
    piece(`reasoning ${at}`, objectOf(delta["reasoningContent"])["text"]),
    piece(`tool ${at}`, named(start["name"])),
    piece(`tool ${at}`, objectOf(delta["toolUse"])["input"]),
  ];
}

function ollama(message: Json): Piece[] {
  const inner = objectOf(message["message"]);
  return [
    piece("reasoning", inner["thinking"] ?? message["thinking"]),
    piece("text", inner["content"] ?? message["response"] ?? message["generation"]),
  ];
}

function piece(voice: string, text: unknown): Piece {
  return { voice, text: textIn(text) };
}

function named(name: unknown): string {
  return typeof name === "string" && name !== "" ? `${name} ` : "";
}

function textIn(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

function objectOf(value: unknown): Json {
  return isObject(value) ? value : {};
}

function objectsIn(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
