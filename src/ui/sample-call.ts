import { type Method, methodOf } from "./methods.ts";
import type { RouteReply } from "./replies.ts";

/** A first call that fits a route. */
export interface SampleCall {
  readonly method: Method;
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Null: no body. */
  readonly body: string | null;
}

type Sampled = Pick<RouteReply, "path" | "target" | "methods" | "include_subpath" | "headers">;

interface Kind {
  /** The end of paths that speak it. */
  readonly suffix: RegExp;
  /** Targets whose sub-paths do. */
  readonly target: RegExp;
  /** Below such a target; `/v1` is left out where the target has it. */
  readonly below: string;
  readonly body: object;
  readonly headers?: readonly (readonly [string, string])[];
}

const question = [{ role: "user", content: "Hello" }];

const chat: Kind = {
  suffix: /\/chat\/completions$/,
  target:
    /^tollgate:\/\/sample|\/\/(?:api\.openai\.com|api\.mistral\.ai|api\.together\.xyz|api\.deepseek\.com|api\.x\.ai|[^/]*openai[^/]*|api\.groq\.com|openrouter\.ai|localhost(?::\d+)?|127\.0\.0\.1(?::\d+)?)(?:\/|$)/,
  below: "/v1/chat/completions",
  body: { model: "gpt-4o-mini", messages: question },
};

const kinds: readonly Kind[] = [
  {
    suffix: /\/text-to-image\/[^/]+(?:\/[^/]+)?$/,
    target: /\/\/[^/]*bria-api\.com/,
    below: "/v1/text-to-image/base/2.3",
    body: { prompt: "a book", num_results: 2, sync: true },
  },
  {
    suffix: /\/rerank$/,
    target: /\/\/api\.cohere\.(?:com|ai)/,
    below: "/v1/rerank",
    body: {
      model: "rerank-english-v3.0",
      query: "What is the capital of the United States?",
      top_n: 3,
      documents: [
        "Carson City is the capital city of the American state of Nevada.",
        "Washington, D.C. is the capital of the United States.",
        "Capital punishment has existed in the United States since before it was a country.",
      ],
    },
  },
  {
    suffix: /\/messages$/,
    target: /\/\/api\.anthropic\.com/,
    below: "/v1/messages",
    body: { model: "claude-haiku-4-5", max_tokens: 256, messages: question },
    headers: [["anthropic-version", "2023-06-01"]],
  },
  {
    suffix: /:generateContent$/,
    target: /\/\/generativelanguage\.googleapis\.com/,
    below: "/v1beta/models/gemini-2.5-flash:generateContent",
    body: { contents: [{ role: "user", parts: [{ text: "Hello" }] }] },
  },
  {
    suffix: /\/embeddings$/,
    target: /^$/,
    below: "",
    body: { model: "text-embedding-3-small", input: "Hello" },
  },
  {
    suffix: /\/responses$/,
    target: /^$/,
    below: "",
    body: { model: "gpt-4o-mini", input: "Hello" },
  },
  {
    suffix: /\/ocr$/,
    target: /^$/,
    below: "",
    body: {
      model: "mistral-ocr-latest",
      document: { type: "document_url", document_url: "https://arxiv.org/pdf/2201.04234" },
    },
  },
  chat,
];

/** A call to try a route with: its own path, or a likely one below it, and a body that its API takes. */
export function sampleCallOf(route: Sampled): SampleCall {
  const { path, kind } = kindOf(route);
  const method = methodFor(route);
  if (method === "GET" || method === "HEAD" || method === "OPTIONS") {
    return { method, path, headers: [], body: null };
  }
  const given = new Set(route.headers.map((name) => name.toLowerCase()));
  return {
    method,
    path,
    headers: (kind?.headers ?? []).filter(([name]) => !given.has(name)),
    body: JSON.stringify(kind?.body ?? {}, null, 2),
  };
}

/** Whether it is known what the route's API takes. */
export function hasSample(route: Sampled): boolean {
  return kindOf(route).kind !== null;
}

function kindOf(route: Sampled): { readonly path: string; readonly kind: Kind | null } {
  const target = route.target.replace(/[?#].*$/s, "").replace(/\/+$/, "");
  const own = kinds.find(({ suffix }) => suffix.test(target) || suffix.test(route.path));
  const wide = kinds.find((kind) => kind.target.test(target)) ?? briaByName(route);
  const kind = own ?? (route.include_subpath ? wide : null) ?? null;
  const path =
    own !== undefined || kind === null
      ? route.path
      : route.path.replace(/\/$/, "") + belowOf(kind, target);
  return { path, kind };
}

function briaByName({ path }: Sampled): Kind | undefined {
  return /(?:^|\/)bria\/?$/.test(path) ? kinds[0] : undefined;
}

/** A target that ends in the first part of what is below has it already. */
function belowOf({ below }: Kind, target: string): string {
  const [version = ""] = /^\/v\d+(?:beta)?(?=\/)/.exec(below) ?? [];
  return version !== "" && target.endsWith(version) ? below.slice(version.length) : below;
}

/** The one that most calls of such an API have. */
function methodFor({ methods }: Sampled): Method {
  if (methods === null || methods.includes("POST")) return "POST";
  return methodOf(methods[0] ?? "POST") ?? "POST";
}
