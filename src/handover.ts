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

/** A successor that has asked and says nothing more has failed; this process goes on then. */
const patienceMs = 10_000;
const lookMs = 100;

export interface HandoverParts {
  readonly ledger: Pick<LocalLedger, "handOver" | "goOn">;
  readonly ask: AskSocket;
  /** Whether the process that a token names is there. */
  readonly lives: (owner: string) => boolean;
  /** A successor died: what it did is to be counted here, and the data directory is this process's again. */
  readonly lost: (successor: string) => void;
}

/**
 * The predecessor's side of a takeover: what a successor may ask of this process. While the successor is not ready, and
 * should it die after that, this process decides.
 */
export class Handover {
  readonly #parts: HandoverParts;
  #waiting: PromiseWithResolvers<Successor | null> | null = null;
  #isReady = false;
  #successor: RemoteSuccessor | null = null;
  /** Looks whether the successor is there. */
  #look = (): void => {};

  constructor(parts: HandoverParts) {
    this.#parts = parts;
  }

  /** Stops deciding, and gives all that is in memory. Null where another successor has it already. */
  begin(successor: string): HandoverState | null {
    if (this.#waiting !== null) return null;
    const { ledger, lives, lost } = this.#parts;
    const waiting = Promise.withResolvers<Successor | null>();
    const until = performance.now() + patienceMs;
    this.#waiting = waiting;
    this.#isReady = false;
    const look = () => {
      const isGone = !lives(successor);
      const isLate = !this.#isReady && performance.now() > until;
      if (this.#waiting === waiting && (isGone || isLate)) this.#goOn();
      if (!isGone || watch === null) return;
      clearInterval(watch);
      watch = null;
      lost(successor);
    };
    let watch: Timer | null = setInterval(look, lookMs);
    watch.unref();
    this.#look = look;
    return ledger.handOver(waiting.promise);
  }

  /** The successor decides from now on, and is asked at `socket`. False where it took too long. */
  ready(socket: string): boolean {
    if (this.#waiting === null || this.#isReady) return false;
    this.#isReady = true;
    this.#successor = new RemoteSuccessor(socket, this.#parts.ask, () => this.#isGone());
    this.#waiting.resolve(this.#successor);
    return true;
  }

  /** Resolves once the successor knows how this process's calls ended, or cannot be told. */
  async told(): Promise<void> {
    await this.#successor?.told();
  }

  /** This process decides again. */
  #goOn(): void {
    this.#waiting?.resolve(null);
    this.#waiting = null;
    this.#successor = null;
    this.#parts.ledger.goOn();
  }

  /** Of a successor that does not answer: true where it is dead, and this process decides. */
  async #isGone(): Promise<boolean> {
    for (let looks = 0; looks < 5; looks++) {
      this.#look();
      if (this.#successor === null) return true;
      await Bun.sleep(lookMs);
    }
    return false;
  }
}

/** The process that has taken over. */
class RemoteSuccessor implements Successor {
  readonly #socket: string;
  readonly #ask: AskSocket;
  #reports: Report[] = [];
  #telling: Promise<void> | null = null;
  readonly #isGone: () => Promise<boolean>;

  constructor(socket: string, ask: AskSocket, isGone: () => Promise<boolean>) {
    this.#socket = socket;
    this.#ask = ask;
    this.#isGone = isGone;
  }

  async reserve(principal: Principal, route: Route, need: Need): Promise<Granted | null> {
    const keyId = principal.kind === "key" ? principal.key.id : null;
    const request: ReserveRequest = {
      kind: principal.kind,
      keyId,
      routeId: route.id,
      costNanoUsd: route.costNanoUsd,
      need,
    };
    const reply = await this.#reserved(request);
    if (reply === null) return null;
    if ("granted" in reply) return reply.granted;
    const { code, detail, headers } = reply;
    throw new GatewayError(GatewayError.isCode(code) ? code : "internal", {
      headers,
      ...(detail === null ? {} : { detail }),
    });
  }

  report(id: string, costNanoUsd: NanoUsd | null, tokens: number | null): void {
    this.#reports.push({ id, costNanoUsd, tokens });
    this.#telling ??= this.#tell().finally(() => {
      this.#telling = null;
    });
  }

  async told(): Promise<void> {
    while (this.#telling !== null) await this.#telling;
  }

  async #reserved(request: ReserveRequest): Promise<Reserved | null> {
    try {
      return reservedOf(await this.#ask(this.#socket, "/handover/reserve", request));
    } catch (cause) {
      if (await this.#isGone()) return null;
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
