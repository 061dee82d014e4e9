import { type Static, Type } from "@sinclair/typebox";
import { type Refusal, serveJson } from "./json-request.ts";
import type { Target } from "./target.ts";
import { maybe } from "./text.ts";

const common = {
  query: Type.String({ minLength: 1 }),
  top_n: maybe(Type.Integer({ minimum: 1 })),
  return_documents: maybe(Type.Boolean()),
};
const RerankV1 = Type.Object({
  ...common,
  model: maybe(Type.String()),
  documents: Type.Array(Type.Union([Type.String(), Type.Object({ text: Type.String() })]), {
    minItems: 1,
  }),
});
const RerankV2 = Type.Object({
  ...common,
  model: Type.String(),
  documents: Type.Array(Type.String(), { minItems: 1 }),
});
type RerankRequest = Static<typeof RerankV1> | Static<typeof RerankV2>;

/** One search unit is one query with up to so many documents. */
const documentsPerUnit = 100;

/**
 * Cohere's rerank, version 2 where the path says so and else version 1.
 * A score is the share of the query's words that a document has.
 */
export function answerRerank(request: Request, { path }: Target): Promise<Response> {
  return path.includes("/v2/")
    ? serveJson(request, { schema: RerankV2, refuse, answer: (body) => answer(body, "2") })
    : serveJson(request, { schema: RerankV1, refuse, answer: (body) => answer(body, "1") });
}

function answer(body: RerankRequest, version: "1" | "2"): Response {
  const { query, top_n, return_documents } = body;
  const texts = body.documents.map((each) => (typeof each === "string" ? each : each.text));
  const wanted = wordsOf(query);
  const results = texts
    .map((text, index) => ({
      index,
      relevance_score: overlap(wanted, text),
      ...(return_documents === true && { document: { text } }),
    }))
    .toSorted((a, b) => b.relevance_score - a.relevance_score)
    .slice(0, top_n ?? texts.length);
  return Response.json({
    id: crypto.randomUUID(),
    results,
    meta: {
      api_version: { version },
      billed_units: { search_units: Math.ceil(texts.length / documentsPerUnit) },
    },
  });
}

function overlap(wanted: ReadonlySet<string>, text: string): number {
  const found = wordsOf(text);
  const shared = [...wanted].filter((word) => found.has(word)).length;
  return wanted.size === 0 ? 0 : shared / wanted.size;
}

function wordsOf(text: string): Set<string> {
  return new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);
}

function refuse({ status, message }: Refusal): Response {
  return Response.json(
    { id: crypto.randomUUID(), message: `invalid request: ${message}` },
    { status },
  );
}
