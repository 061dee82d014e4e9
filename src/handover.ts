import { GatewayError } from "./core/errors.ts";
import type { Principal } from "./core/key-record.ts";
import type { Need } from "./core/ledger.ts";
import type { NanoUsd } from "./core/money.ts";
import type { Route } from "./core/routes.ts";
import type { LocalLedger } from "./ledger/ledger.ts";
import type { Report } from "./ledger/predecessor.ts";
import type { Granted, HandoverState, Successor } from "./ledger/successor.ts";

/** Asks a gateway over its control socket; rejects where it does not answer. */
export type AskSocket = (socket: string, path: string, body: unknown) => Promise<unknown>;

/** What a successor's answer to a reservation holds. */
export type Reserved =
  | { readonly granted: Granted }
  | {
      readonly code: string;
      readonly detail: string | null;
      readonly headers: Readonly<Record<string, string>>;
    };

/** Who calls, as a successor finds it again. */
export interface ReserveRequest {
  readonly kind: Principal["kind"];
  readonly keyId: string | null;
  readonly routeId: string;
  readonly costNanoUsd: NanoUsd | null;
  readonly need: Need;
}

/** A successor that has asked and is gone, or says nothing more, has failed; this process goes on then. */
const patienceMs = 10_000;
const lookMs = 100;

/** The predecessor's side of a takeover: what a successor may ask of this process. */
export class Handover {
  readonly #ledger: LocalLedger;
  readonly #ask: AskSocket;
  #waiting: PromiseWithResolvers<Successor | null> | null = null;
  /** Runs until the successor is ready. */
  #watch: Timer | null = null;
  #successor: RemoteSuccessor | null = null;

  readonly #lives: (owner: string) => boolean;

  /** `lives`: whether the process that a token names is there. */
  constructor(ledger: LocalLedger, ask: AskSocket, lives: (owner: string) => boolean) {
    this.#ledger = ledger;
    this.#ask = ask;
    this.#lives = lives;
  }

  /** Stops deciding, and gives all that is in memory. Null where another successor has it already. */
  begin(successor: string): HandoverState | null {
    if (this.#waiting !== null) return null;
    this.#waiting = Promise.withResolvers();
    const until = performance.now() + patienceMs;
    this.#watch = setInterval(() => {
      if (performance.now() > until || !this.#lives(successor)) this.#cancel();
    }, lookMs);
    return this.#ledger.handOver(this.#waiting.promise);
  }

  /** The successor decides from now on, and is asked at `socket`. False where it took too long. */
  ready(socket: string): boolean {
    if (this.#waiting === null || this.#watch === null) return false;
    clearInterval(this.#watch);
    this.#watch = null;
    this.#successor = new RemoteSuccessor(socket, this.#ask);
    this.#waiting.resolve(this.#successor);
    return true;
  }

  /** Resolves once the successor knows how this process's calls ended, or cannot be told. */
  async told(): Promise<void> {
    await this.#successor?.told();
  }

  #cancel(): void {
    if (this.#watch !== null) clearInterval(this.#watch);
    this.#watch = null;
    this.#waiting?.resolve(null);
    this.#waiting = null;
  }
}

/** The process that has taken over. */
class RemoteSuccessor implements Successor {
  readonly #socket: string;
  readonly #ask: AskSocket;
  #reports: Report[] = [];
  #telling: Promise<void> | null = null;

  constructor(socket: string, ask: AskSocket) {
    this.#socket = socket;
    this.#ask = ask;
  }

  async reserve(principal: Principal, route: Route, need: Need): Promise<Granted> {
    const keyId = principal.kind === "key" ? principal.key.id : null;
    const request: ReserveRequest = {
      kind: principal.kind,
      keyId,
      routeId: route.id,
      costNanoUsd: route.costNanoUsd,
      need,
    };
    const reply = await this.#reserved(request);
    if ("granted" in reply) return reply.granted;
    const { code, detail, headers } = reply;
    throw new GatewayError(GatewayError.isCode(code) ? code : "internal", {
      headers,
      ...(detail === null ? {} : { detail }),
    });
  }

  report(id: string, costNanoUsd: NanoUsd | null): void {
    this.#reports.push({ id, costNanoUsd });
    this.#telling ??= this.#tell().finally(() => {
      this.#telling = null;
    });
  }

  async told(): Promise<void> {
    while (this.#telling !== null) await this.#telling;
  }

  async #reserved(request: ReserveRequest): Promise<Reserved> {
    try {
      return reservedOf(await this.#ask(this.#socket, "/handover/reserve", request));
    } catch (cause) {
      throw new GatewayError("gateway_stopped", { cause });
    }
  }

  /** What cannot be told, the successor finds in this process's journal. */
  async #tell(): Promise<void> {
    while (this.#reports.length > 0) {
      const reports = this.#reports;
      this.#reports = [];
      try {
        await this.#ask(this.#socket, "/handover/ended", { reports });
      } catch {
        return;
      }
    }
  }
}

function reservedOf(value: unknown): Reserved {
  if (typeof value === "object" && value !== null && ("granted" in value || "code" in value)) {
    return value as Reserved;
  }
  throw new Error("not the answer of a successor");
}
