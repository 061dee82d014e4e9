import { type Static, Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { config, masterKey } from "../gateway/wire.ts";
import { type Gateway, type GatewayOptions, startGateway } from "../helpers/gateway.ts";
import { type RawUpstream, startRawUpstream } from "../helpers/raw-upstream.ts";

export const base = "/config/pass_through_endpoint";

const Shown = Type.Object(
  {
    id: Type.Union([Type.String(), Type.Null()]),
    path: Type.String(),
    target: Type.String(),
    headers: Type.Record(Type.String(), Type.Unknown()),
    version: Type.Union([Type.Integer(), Type.Null()]),
  },
  { additionalProperties: true },
);

/** An endpoint of a reply. */
export type Shown = Static<typeof Shown> & Readonly<Record<string, unknown>>;

const List = Type.Object({ endpoints: Type.Array(Shown) });
const Refusal = Type.Object({
  error: Type.Object({ message: Type.String(), type: Type.String() }),
});

/** What the admin API answered. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly etag: string | null;
  readonly body: unknown;
}

export interface Asking {
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Asks the admin API, as the master key unless said otherwise. */
export async function ask(
  gateway: Pick<Gateway, "url">,
  [method, path]: readonly [method: string, path: string],
  body: unknown = null,
  { key = masterKey, headers = {} }: Asking = {},
): Promise<Answer> {
  const response = await fetch(gateway.url + path, {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      ...(body === null ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === null ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const { status } = response;
  return { status, text, etag: response.headers.get("etag"), body: JSON.parse(text) };
}

/** The endpoints of a reply. */
export function listIn({ body, text }: Answer): readonly Shown[] {
  if (!Value.Check(List, body)) throw new Error(`no endpoints: ${text}`);
  return body.endpoints;
}

/** The one endpoint of a reply, and its id. */
export function oneIn(answer: Answer): Shown & { readonly id: string } {
  const [one, ...others] = listIn(answer);
  if (one === undefined || one.id === null || others.length > 0) throw new Error(answer.text);
  return { ...one, id: one.id };
}

/** What was refused, in words. */
export function messageOf({ body, text }: Answer): string {
  if (!Value.Check(Refusal, body)) throw new Error(`no refusal: ${text}`);
  return body.error.message;
}

/** A gateway that lets endpoints of the API lead to this machine, and an upstream. */
export async function startHouse(
  endpoints: readonly string[] = [],
  options: GatewayOptions = {},
): Promise<House> {
  const upstream = await startRawUpstream();
  const list = endpoints.map((one) => one.replaceAll("UPSTREAM", upstream.url));
  const yaml = config(list, `master_key: ${masterKey}`, "allow_private_targets: true");
  const gateway = await startGateway(list.length === 0 ? yaml.replace(/ {2}pass_.*\n/, "") : yaml, {
    ...options,
  });
  return {
    gateway,
    upstream,
    ask: (...question) => ask(gateway, ...question),
    call: (path, init = {}) =>
      fetch(gateway.url + path, {
        method: "POST",
        headers: { authorization: `Bearer ${masterKey}` },
        body: "{}",
        ...init,
      }).then(({ status }) => status),
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      upstream[Symbol.dispose]();
    },
  };
}

export interface House extends AsyncDisposable {
  readonly gateway: Gateway;
  readonly upstream: RawUpstream;
  ask(
    question: readonly [method: string, path: string],
    body?: unknown,
    asking?: Asking,
  ): Promise<Answer>;
  /** The status of a call through the gateway, as the master key. */
  call(path: string, init?: RequestInit): Promise<number>;
}

/** Makes a virtual key, and gives it. */
export async function virtualKey(house: House, fields: object): Promise<string> {
  const { body } = await house.ask(["POST", "/key/generate"], fields);
  const key: unknown = Reflect.get(Object(body), "key");
  if (typeof key !== "string") throw new Error("no key in the reply");
  return key;
}
