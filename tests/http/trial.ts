import { type Static, type TSchema, Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { masterKey } from "../gateway/wire.ts";

/** A call to be tried out, as the header describes it. */
export interface Order {
  readonly method?: string;
  readonly path: string;
  readonly headers?: readonly (readonly [string, string])[];
  readonly key?: object;
  readonly tag?: boolean;
}

export interface TrialOptions {
  readonly body?: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;
  readonly signal?: AbortSignal;
  /** The admin's key. */
  readonly key?: string;
  readonly headers?: Record<string, string>;
}

const Pair = Type.Tuple([Type.String(), Type.String()]);

const Sent = Type.Object({
  type: Type.Literal("sent"),
  call_id: Type.String(),
  route: Type.String(),
  url: Type.String(),
  method: Type.String(),
  headers: Type.Array(Pair),
  client: Type.Object({
    method: Type.String(),
    path: Type.String(),
    headers: Type.Array(Pair),
  }),
  body_changed: Type.Boolean(),
  changed_body: Type.Optional(Type.String()),
  at_ms: Type.Number(),
});

const Head = Type.Object({
  type: Type.Literal("head"),
  status: Type.Integer(),
  headers: Type.Array(Pair),
  decoded: Type.Boolean(),
  at_ms: Type.Number(),
});

const Chunk = Type.Object({
  type: Type.Literal("chunk"),
  base64: Type.String(),
  at_ms: Type.Number(),
});

const Cut = Type.Object({
  type: Type.Literal("cut"),
  bytes: Type.Integer(),
  at_ms: Type.Number(),
});

const maybe = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()]);

const End = Type.Object({
  type: Type.Literal("end"),
  call_id: Type.String(),
  route: maybe(Type.String()),
  status: Type.Integer(),
  bytes: Type.Integer(),
  timings: Type.Object({
    gateway_ms: maybe(Type.Number()),
    upstream_first_byte_ms: maybe(Type.Number()),
    first_byte_ms: maybe(Type.Number()),
    total_ms: Type.Number(),
  }),
  cost_usd: maybe(Type.Number()),
  unpriced: maybe(Type.String()),
  estimated: Type.Boolean(),
  model: maybe(Type.String()),
  provider: maybe(Type.String()),
  usage: maybe(Type.Record(Type.String(), Type.Number())),
  error: maybe(Type.Object({ code: Type.String(), message: Type.String() })),
  at_ms: Type.Number(),
});

const Event = Type.Union([Sent, Head, Chunk, Cut, End]);
export type Event = Static<typeof Event>;

/** Asks for a trial; the reply as it comes. */
export function ask(url: string, order: Order | string, options: TrialOptions = {}) {
  const text =
    typeof order === "string"
      ? order
      : Buffer.from(JSON.stringify({ method: "POST", ...order })).toString("base64url");
  return fetch(`${url}/ui/test`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${options.key ?? masterKey}`,
      ...options.headers,
      "x-tollgate-test": text,
    },
    ...(options.body === undefined ? {} : { body: options.body }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
}

/** A trial to its end. Throws where it was refused. */
export async function tryCall(url: string, order: Order, options: TrialOptions = {}) {
  const reply = await ask(url, order, options);
  const text = await reply.text();
  if (reply.status !== 200) throw new Error(`${reply.status} ${text}`);
  const events = eventsIn(text);
  const pick = <T extends Event["type"]>(type: T) =>
    events.filter((event): event is Extract<Event, { type: T }> => event.type === type);
  const [head] = pick("head");
  const [end] = pick("end");
  if (head === undefined || end === undefined) throw new Error(`cut short: ${text}`);
  return {
    text,
    reply,
    types: events.map(({ type }) => type),
    sent: pick("sent")[0] ?? null,
    head,
    body: Buffer.concat(pick("chunk").map(({ base64 }) => Buffer.from(base64, "base64"))),
    cut: pick("cut")[0] ?? null,
    end,
  };
}

/** Lines of a reply; throws where one is none of the events. */
export function eventsIn(text: string): Event[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const event: unknown = JSON.parse(line);
      if (Value.Check(Event, event)) return event;
      throw new Error(`no such event: ${line}`);
    });
}

/** The value of the first header with this name. */
export function valueOf(headers: readonly (readonly [string, string])[], name: string) {
  return headers.find(([one]) => one.toLowerCase() === name)?.[1] ?? null;
}
