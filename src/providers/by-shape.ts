import type { Folded, MeteredCall, UsageFold, UsageFormat } from "../core/metering.ts";
import { guessedFormat } from "../core/metering-settings.ts";
import { field, textField } from "./fields.ts";
import { tokenMarkers } from "./openai-tokens.ts";

/** How a message gives away whose format it has, and the call that such messages answer there. */
interface Shape {
  readonly id: string;
  readonly path: string;
  /** Narrower than the format's own, which may be in each message of another's stream. */
  readonly markers: readonly string[];
  fits(message: unknown): boolean;
}

/** The first that fits is taken: OpenAI's is last, as its counts have names that others use too. */
const shapes: readonly Shape[] = [
  {
    id: "anthropic",
    path: "/v1/messages",
    markers: ['"message_start"', '"message_delta"', '"message_stop"'],
    fits: isAnthropic,
  },
  {
    id: "google",
    path: "/v1beta/models/any:generateContent",
    markers: ['"usageMetadata"', '"finishReason"'],
    fits: has("usageMetadata"),
  },
  { id: "cohere", path: "/v2/chat", markers: ['"billed_units"'], fits: isCohere },
  {
    id: "mistral",
    path: "/v1/ocr",
    markers: ['"pages_processed"'],
    fits: has("usage_info", "pages_processed"),
  },
  {
    id: "aws",
    path: "/model/any/converse",
    markers: ['"inputTokens"'],
    fits: has("usage", "inputTokens"),
  },
  { id: "openai", path: "/v1/chat/completions", markers: tokenMarkers, fits: isOpenAi },
];

const markers = shapes.flatMap((shape) => shape.markers);

/**
 * For hosts that nobody knows: the first message that has a known shape decides whose format the reply has, and that
 * format reads it. `provider` is then its id. Reading and deleting is not looked at: what is shown again was used once.
 */
export function createByShape(formats: readonly UsageFormat[]): UsageFormat {
  const known = shapes.flatMap((shape) => {
    const format = formats.find(({ id }) => id === shape.id);
    return format === undefined ? [] : [{ ...shape, format }];
  });
  return {
    id: guessedFormat,
    fold: (call) => (call.method === "POST" ? foldAny(known, call) : null),
    modelOfPath: (path) => firstModel(known, path),
    countsTokens: (call) => known.some(({ format }) => format.countsTokens(call)),
  };
}

type Known = Shape & { readonly format: UsageFormat };

function foldAny(known: readonly Known[], call: MeteredCall): UsageFold {
  let fold: UsageFold | null = null;
  return {
    markers,
    add(message, event) {
      fold ??= foldOf(known, call, message);
      fold?.add(message, event);
    },
    result: () => fold?.result() ?? nothing,
  };
}

const nothing: Folded = {
  provider: null,
  model: null,
  usage: null,
  isFinal: false,
  isInvalid: false,
  once: null,
};

function foldOf(known: readonly Known[], call: MeteredCall, message: unknown): UsageFold | null {
  const shape = known.find(({ fits }) => fits(message));
  const answered = { method: "POST", path: shape?.path ?? "", body: () => call.body() };
  const fold = shape?.format.fold(answered) ?? null;
  return fold === "free" ? null : fold;
}

function firstModel(known: readonly Known[], path: string): string | null {
  for (const { format } of known) {
    const model = format.modelOfPath(path);
    if (model !== null) return model;
  }
  return null;
}

function has(...path: readonly string[]) {
  return (message: unknown) => field(message, ...path) !== undefined;
}

function isAnthropic(message: unknown): boolean {
  const type = textField(message, "type");
  if (type === "message") return field(message, "usage", "input_tokens") !== undefined;
  return type === "message_start" || type === "message_delta";
}

const billedUnits = [
  ["meta", "billed_units"],
  ["usage", "billed_units"],
  ["delta", "usage", "billed_units"],
  ["response", "meta", "billed_units"],
];

function isCohere(message: unknown): boolean {
  return billedUnits.some((path) => field(message, ...path) !== undefined);
}

const counted = ["prompt_tokens", "input_tokens", "total_tokens"];

function isOpenAi(message: unknown): boolean {
  const object = textField(message, "object") ?? textField(message, "response", "object");
  if (object === "response" || object?.startsWith("chat.completion")) return true;
  return counted.some((name) => field(message, "usage", name) !== undefined);
}
