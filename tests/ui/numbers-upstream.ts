/** What the upstream of the numbers says that a call used, by the model that was asked for. */
const usages: Readonly<Record<string, object>> = {
  "gpt-4o-mini": usage(7, 3, 5),
  "gpt-4o": usage(12_345, 2_048, 678),
  "o3-mini": {
    ...usage(1_111, 0, 2_222),
    completion_tokens_details: { reasoning_tokens: 2_000 },
  },
  "a-model-of-our-own": usage(31, 0, 17),
};

function usage(prompt: number, cached: number, completion: number) {
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: cached },
  };
}

export interface NumbersUpstream extends Disposable {
  readonly url: string;
  /** Lets those go that wait at `/wait`. */
  release(): void;
}

/** A server on loopback that answers as OpenAI does, with usage that is known beforehand. */
export function startNumbersUpstream(): NumbersUpstream {
  const waiting = Promise.withResolvers<void>();
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: async (request) => {
      const { pathname } = new URL(request.url);
      const asked = Object(await request.json().catch(() => ({})));
      if (pathname.endsWith("/wait")) await waiting.promise;
      if (pathname.endsWith("/nothing")) return Response.json({ ok: true });
      const status = /\/status\/(\d+)$/.exec(pathname)?.[1];
      if (status !== undefined) {
        return Response.json({ error: { message: "no" } }, { status: Number(status) });
      }
      if (asked.stream === true) return stream(String(asked.model));
      return Response.json(completion(String(asked.model)));
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}`,
    release: waiting.resolve,
    [Symbol.dispose]: () => void server.stop(true),
  };
}

function completion(model: string) {
  return {
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1_790_000_000,
    model,
    choices: [
      { index: 0, message: { role: "assistant", content: "Hello" }, finish_reason: "stop" },
    ],
    usage: usages[model],
  };
}

async function* chunks(model: string) {
  const head = { id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model };
  for (const content of ["Hel", "lo"]) {
    yield { ...head, choices: [{ index: 0, delta: { content }, finish_reason: null }] };
    await Bun.sleep(12);
  }
  yield { ...head, choices: [{ index: 0, delta: {}, finish_reason: "stop" }] };
  yield { ...head, choices: [], usage: usages[model] };
}

function stream(model: string): Response {
  const encoder = new TextEncoder();
  const lines = async function* () {
    for await (const chunk of chunks(model)) {
      yield encoder.encode(`data: ${JSON.stringify(chunk)}\n\n`);
    }
    yield encoder.encode("data: [DONE]\n\n");
  };
  return new Response(lines(), { headers: { "content-type": "text/event-stream" } });
}
