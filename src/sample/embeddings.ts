import { type Static, Type } from "@sinclair/typebox";
import { serveJson } from "./json-request.ts";
import { refuseAsOpenAi } from "./openai-error.ts";
import { countTokens, maybe } from "./text.ts";

const Tokens = Type.Array(Type.Integer(), { minItems: 1 });

const EmbeddingsRequest = Type.Object({
  model: Type.String(),
  input: Type.Union([
    Type.String({ minLength: 1 }),
    Tokens,
    Type.Array(Type.String({ minLength: 1 }), { minItems: 1, maxItems: 2048 }),
    Type.Array(Tokens, { minItems: 1, maxItems: 2048 }),
  ]),
  encoding_format: maybe(Type.Union([Type.Literal("float"), Type.Literal("base64")])),
  dimensions: maybe(Type.Integer({ minimum: 1, maximum: 4096 })),
});
type EmbeddingsRequest = Static<typeof EmbeddingsRequest>;
type Input = string | number[];

/** Few enough to read on a screen. */
const defaultDimensions = 64;

/** OpenAI's embeddings. Equal inputs have equal vectors; how near two vectors are says nothing. */
export function answerEmbeddings(request: Request): Promise<Response> {
  return serveJson(request, { schema: EmbeddingsRequest, refuse: refuseAsOpenAi, answer });
}

function answer({ model, input, encoding_format, dimensions }: EmbeddingsRequest): Response {
  const inputs = inputsOf(input);
  const tokens = inputs.reduce((sum, each) => sum + sizeOf(each), 0);
  const data = inputs.map((each, index) => {
    const vector = embed(each, dimensions ?? defaultDimensions);
    return {
      object: "embedding",
      index,
      embedding: encoding_format === "base64" ? base64(vector) : [...vector],
    };
  });
  const usage = { prompt_tokens: tokens, total_tokens: tokens };
  return Response.json({ object: "list", data, model, usage });
}

function inputsOf(input: EmbeddingsRequest["input"]): Input[] {
  if (typeof input === "string") return [input];
  const tokens = input.filter((each) => typeof each === "number");
  return tokens.length > 0 ? [tokens] : input.filter((each) => typeof each !== "number");
}

function sizeOf(input: Input): number {
  return typeof input === "string" ? countTokens(input) : input.length;
}

/** A vector of unit length, made of hashes of the input. */
function embed(input: Input, dimensions: number): Float32Array {
  const seed = Bun.SHA256.hash(typeof input === "string" ? input : JSON.stringify(input), "hex");
  const raw = Array.from(
    { length: dimensions },
    (_, index) => Bun.hash.xxHash32(seed, index) / 2 ** 31 - 1,
  );
  const length = Math.hypot(...raw);
  return Float32Array.from(raw, (each) => each / length);
}

function base64(vector: Float32Array): string {
  return Buffer.from(vector.buffer).toString("base64"); // little-endian on every platform this runs on
}
