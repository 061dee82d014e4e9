import { GatewayError } from "./errors.ts";
import type { Limits } from "./limits.ts";
import type { UsageFormat } from "./metering.ts";
import type { MeteringSettings } from "./metering-settings.ts";
import type { NanoUsd } from "./money.ts";
import type { Prices } from "./pricing.ts";

/** Where a route's requests go. Strings, so that no URL is parsed per call. */
export interface Target {
  /** Scheme and authority: `https://api.cohere.com`. */
  readonly origin: string;
  /** Path as it is sent, at least `/`. */
  readonly path: string;
  /** Without `?`; empty where there is none. */
  readonly query: string;
}

/** Milliseconds; null is no limit. */
export interface Deadlines {
  readonly connectMs: number;
  /** Wait for the reply's headers, from the upload's last byte on. */
  readonly firstByteMs: number;
  readonly idleMs: number;
  readonly totalMs: number | null;
  /** An upload that stands still, a reader that takes nothing. */
  readonly clientIdleMs: number;
}

/** Which of the client's headers go up, and what goes with them; compiled once per config. */
export interface HeaderPlan {
  /** `forward_headers`: all end-to-end headers of the client. */
  readonly forward: boolean;
  /** The route's own, names as configured; they win over the client's. */
  readonly fixed: Readonly<Record<string, string>>;
  /** The names of `fixed`, in lower case. */
  readonly fixedNames: ReadonlySet<string>;
  /** The route brings a credential of its own, so none of the client's goes up. */
  readonly ownCredential: boolean;
  /** `x-langfuse-*` of the client go up too. */
  readonly langfuse: boolean;
}

/** How the client's query and the target's become one. */
export interface QueryPlan {
  /** `name=value`, encoded. */
  readonly defaults: readonly string[];
  /** By name: defaults, then the target's, then the client's, the later winning. */
  readonly merge: boolean;
  /** Names of the target's query that carry a credential: a client's own are taken out. */
  readonly credentialNames: ReadonlySet<string>;
}

/** Settings of `fetch` for this upstream alone. */
export interface Transport {
  readonly proxy: string | null;
  readonly tls: TransportTls | null;
  /** Which addresses may be connected to; null is all: the route's own file says where it leads. */
  readonly reach: Reach | null;
}

/** Asked with each address that a target's name has, at the moment of connecting. */
export interface Reach {
  /**
   * `host`: the target's, in lower case without brackets or last dots. `address`: what it was resolved to; of a target
   * that is an address, the same.
   */
  allows(host: string, address: string, port: number): boolean;
  /** Whether this gateway itself listens there. */
  isOwn(address: string, port: number): boolean;
}

export interface TransportTls {
  readonly ca: string | null;
  readonly cert: string | null;
  readonly key: string | null;
  readonly serverName: string | null;
  readonly verify: boolean;
}

/** `key`: a valid key. `local`: anyone at this machine, else a valid key. `anyone`: no key. */
export type AuthRule = "key" | "local" | "anyone";

/** One endpoint with everything resolved. */
export interface Route {
  readonly id: string;
  /** `config`: of the file. `api`: made through the API or the page. */
  readonly owner: "config" | "api";
  readonly path: string;
  readonly includeSubpath: boolean;
  /** Upper case; null is every method. */
  readonly methods: ReadonlySet<string> | null;
  readonly target: Target;
  /** Where the target is, for people: never with a query. */
  readonly label: string;
  /**
   * The same for callers: of a route made through the API the origin alone, since its path may be a secret (webhooks,
   * bots) and nobody has said which part of it.
   */
  readonly toldTarget: string;
  readonly auth: AuthRule;
  /** Sends a secret of ours upstream. */
  readonly carriesCredentials: boolean;
  /** The client header that holds the caller's key (`litellm_user_api_key`), in lower case. */
  readonly callerKeyHeader: string | null;
  readonly keyFromBasic: boolean;
  readonly headers: HeaderPlan;
  readonly query: QueryPlan;
  readonly deadlines: Deadlines;
  readonly maxBodyBytes: number;
  readonly limits: Limits;
  /** Booked for each reply; null: priced by usage. */
  readonly costNanoUsd: NanoUsd | null;
  /** Null: replies are not looked at. */
  readonly metering: Metering | null;
  /** `trust_upstream_cost`: what the upstream's own cost headers say is booked, before anything else. */
  readonly trustsUpstreamCost: boolean;
  /** `request_stream_usage`: streams that would not tell usage are asked to; the extra frame is taken out again. */
  readonly requestsStreamUsage: boolean;
  /** `drain_on_disconnect`: after the client left the reply is read to its end, for the exact usage. */
  readonly drainsOnDisconnect: boolean;
  /** `include_cost_in_streaming_usage`. */
  readonly tellsCostInStreams: boolean;
  /** False with `log: off`: calls are added up, and leave no row. */
  readonly keepsRows: boolean;
  /** Null unless `log: bodies`. */
  readonly bodyLogging: BodyLogging | null;
  readonly transport: Transport;
}

/** How a route's bodies are logged. */
export interface BodyLogging {
  /** Of each body so many bytes are kept, from its beginning. */
  readonly maxBytes: number;
  /** Of so many calls one is kept: 1 is all, 0.01 is one in a hundred. */
  readonly share: number;
}

/** How a route's calls are metered and priced. */
export interface Metering {
  /** What it was made of. */
  readonly settings: MeteringSettings;
  readonly format: UsageFormat;
  readonly prices: Prices;
}

export interface RouteMatch {
  readonly route: Route;
  /** What follows the route's path, with its leading slash; empty for the bare path. */
  readonly subpath: string;
}

/** Two routes that want the same requests. */
export class RouteConflict extends Error {
  readonly first: Route;
  readonly second: Route;

  constructor(first: Route, second: Route) {
    super(`${second.path} is served twice`);
    this.first = first;
    this.second = second;
  }
}

/**
 * Which route serves a path. Exact before prefix, longest prefix first, and of those on one path the one that
 * names the method. The most specific path decides: where none of its routes takes the method the answer is 405.
 */
export class RouteTable {
  readonly all: readonly Route[];
  /** Routes that serve exactly this path: the exact ones, then those that also serve what is below it. */
  readonly #bare = new Map<string, readonly Route[]>();
  readonly #prefixes = new Map<string, readonly Route[]>();
  /** No prefix is longer: what a path has beyond it is not looked at. */
  readonly #longest: number;
  /** Those of `/`, which serve whatever no other route does. */
  readonly #root: readonly Route[];

  /** Throws a `RouteConflict` where two routes want the same requests. */
  constructor(routes: readonly Route[]) {
    this.all = routes;
    for (const route of routes) if (!route.includeSubpath) add(this.#bare, route.path, route);
    for (const route of routes) if (route.includeSubpath) add(this.#prefixes, route.path, route);
    for (const [path, below] of this.#prefixes) {
      this.#bare.set(path, [...(this.#bare.get(path) ?? []), ...below]);
    }
    this.#root = this.#prefixes.get("/") ?? [];
    this.#prefixes.delete("/");
    this.#longest = Math.max(0, ...[...this.#prefixes.keys()].map((path) => path.length));
  }

  /** Throws `route_not_found` and `method_not_allowed`. TRACE is never served: its echo would hold our credential. */
  match(method: string, path: string): RouteMatch {
    const bare = this.#bare.get(path);
    if (bare !== undefined) return pick(bare, method, "");
    let end = path.lastIndexOf("/", this.#longest);
    for (; end > 0; end = path.lastIndexOf("/", end - 1)) {
      const below = this.#prefixes.get(path.slice(0, end));
      if (below !== undefined) return pick(below, method, path.slice(end));
    }
    if (this.#root.length > 0) return pick(this.#root, method, path);
    throw new GatewayError("route_not_found");
  }
}

function add(routes: Map<string, readonly Route[]>, path: string, route: Route): void {
  const same = routes.get(path) ?? [];
  const rival = same.find((other) => overlap(other.methods, route.methods));
  if (rival !== undefined) throw new RouteConflict(rival, route);
  routes.set(path, [...same, route].sort(bySpecificMethod));
}

function overlap(a: ReadonlySet<string> | null, b: ReadonlySet<string> | null): boolean {
  if (a === null || b === null) return a === b;
  return [...a].some((method) => b.has(method));
}

function bySpecificMethod(a: Route, b: Route): number {
  return Number(a.methods === null) - Number(b.methods === null);
}

const anyMethod = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

function pick(routes: readonly Route[], method: string, subpath: string): RouteMatch {
  for (const route of routes) {
    if (method === "TRACE") break;
    if (route.methods === null || route.methods.has(method)) return { route, subpath };
  }
  const allowed = new Set(routes.flatMap((route) => [...(route.methods ?? anyMethod)]));
  allowed.delete("TRACE");
  throw new GatewayError("method_not_allowed", { headers: { allow: [...allowed].join(", ") } });
}
