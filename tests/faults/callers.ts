/** One call: its name stands in the query, for the upstream, and in a tag, for the ledger. */
export interface NamedCall {
  readonly name: string;
  /** With the route's prefix: `/paid/plain`. */
  readonly path: string;
  readonly key: string | null;
  /** A connection of its own: one that is kept may be closed just when the next call is sent over it. */
  readonly alone?: boolean;
}

/** What became of a call, as its client saw it. */
export interface Outcome extends NamedCall {
  /** 0 where there was no reply, or not all of it. */
  readonly status: number;
  readonly text: string;
  readonly startedAt: number;
}

/** Makes one call, and reads its reply to the end. Never sent twice: the runtime repeats no POST. */
export async function callOnce(url: string, call: NamedCall): Promise<Outcome> {
  const { name, path, key, alone = false } = call;
  const startedAt = performance.now();
  const headers: Record<string, string> = { "x-litellm-end-user-id": name };
  if (key !== null) headers["authorization"] = `Bearer ${key}`;
  try {
    const init = { method: "POST", headers, body: "{}", keepalive: !alone };
    const reply = await fetch(`${url}${path}?n=${name}`, init);
    return { ...call, status: reply.status, text: await reply.text(), startedAt };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return { ...call, status: 0, text, startedAt };
  }
}

/** Callers that run until they are stopped. */
export interface Callers {
  /** Resolves once the last reply is there. */
  stop(): Promise<readonly Outcome[]>;
}

/** Begins so many calls a second, whatever becomes of those before. `url` is asked for each. */
export function startCallers(
  url: () => string,
  perSecond: number,
  next: (count: number) => NamedCall,
): Callers {
  const begun: Promise<Outcome>[] = [];
  const startedAt = performance.now();
  const timer = setInterval(() => {
    const due = ((performance.now() - startedAt) * perSecond) / 1000;
    while (begun.length < due) begun.push(callOnce(url(), next(begun.length)));
  }, 5);
  return {
    stop: async () => {
      clearInterval(timer);
      return await Promise.all(begun);
    },
  };
}

/** The name of the gateway's own error in a reply, or null. */
export function errorOf({ text }: Outcome): string | null {
  try {
    const parsed: unknown = JSON.parse(text);
    const error: unknown = Reflect.get(Object(parsed), "error");
    const type: unknown = Reflect.get(Object(error), "type");
    return typeof type === "string" ? type : null;
  } catch {
    return null;
  }
}
