import { answerChat } from "./chat.ts";
import { echo } from "./echo.ts";
import { answerEmbeddings } from "./embeddings.ts";
import { answerMessages } from "./messages.ts";
import { answerOcr } from "./ocr.ts";
import { findOddity } from "./oddities.ts";
import { answerRerank } from "./rerank.ts";
import { answerResponses } from "./responses.ts";
import { splitTarget, type Target } from "./target.ts";

/** The sample upstream, while it runs. */
export interface SampleServer {
  /** `http://127.0.0.1:PORT`, without a slash at its end. */
  readonly url: string;
  /** Frees the port and breaks off what still streams. */
  stop(): void;
}

type Api = (request: Request, target: Target) => Promise<Response>;

/** By the end of the path, so that any prefix works. */
const apis: readonly (readonly [suffix: string, api: Api])[] = [
  ["/chat/completions", answerChat],
  ["/messages", answerMessages],
  ["/responses", answerResponses],
  ["/embeddings", answerEmbeddings],
  ["/rerank", answerRerank],
  ["/ocr", answerOcr],
];

/**
 * Starts an upstream that needs no key, on a free loopback port: a few well-known APIs with made-up answers,
 * some paths to try a gateway with, and an echo of everything else. Every reply is a function of its
 * request, but for ids and times.
 */
export function startSample(): SampleServer {
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    development: false,
    idleTimeout: 0,
    maxRequestBodySize: Number.MAX_SAFE_INTEGER,
    fetch: async (request) => marked(await answer(request)),
    error: () => marked(Response.json({ error: "The sample upstream failed." }, { status: 500 })),
  });
  return {
    url: `http://127.0.0.1:${server.port}`,
    stop: () => void server.stop(true),
  };
}

function answer(request: Request): Response | Promise<Response> {
  const target = splitTarget(request.url);
  const oddity = findOddity(request, target);
  if (oddity !== null) return oddity;
  const api = request.method === "POST" && mayBeJson(request) ? findApi(target.path) : undefined;
  return api === undefined ? echo(request, target) : api(request, target);
}

function findApi(path: string): Api | undefined {
  return apis.find(([suffix]) => path.endsWith(suffix))?.[1];
}

/** A body of another declared type is an upload, whatever its path. */
function mayBeJson(request: Request): boolean {
  const type = request.headers.get("content-type");
  return type === null || /^[^;]*[/+]json\s*(;|$)/i.test(type);
}

function marked(response: Response): Response {
  response.headers.set("x-sample-upstream", "tollgate");
  return response;
}
