import type { Folded, Metered, MeteredCall, ReplyMeter, UsageFold } from "../core/metering.ts";
import { guessedFormat } from "../core/metering-settings.ts";
import type { NanoUsd } from "../core/money.ts";
import type { Priced, Unpriced } from "../core/pricing.ts";
import type { Route, RouteMatch } from "../core/routes.ts";
import type { Call, CallRecord } from "../core/types.ts";
import type { Usage } from "../core/usage.ts";
import { meterWhole, openMeter } from "../metering/meter.ts";
import { isStreamOfMessages } from "../metering/wire.ts";
import { joinPath } from "./build-request.ts";
import type { FrameEditor } from "./edit-frames.ts";
import { dearestPrice } from "./dearest-price.ts";
import { frameEditor } from "./frame-editor.ts";
import { shownModel } from "./notes.ts";
import type { OwnKeys } from "./own-keys.ts";
import type { Upload } from "./read-body.ts";
import { headOf, type ReplyHeaders } from "./reply-headers.ts";
import { modelOfStart, requestValue } from "./request-value.ts";
import { bookedOnce, isBookedAlready } from "./booked-once.ts";
import { type Soon, whenThere } from "./soon.ts";
import { estimated, textBytesOf, type Told, toldBy, withTotal } from "./told-usage.ts";
import { type Trusted, trustedOf, untrusted } from "./trusted-cost.ts";

/** What a call used, and what is booked for it. */
export type Settled = Pick<
  CallRecord,
  "provider" | "model" | "usage" | "costNanoUsd" | "unpriced" | "estimated"
> & {
  /** Counts that cannot be: its hold is booked, and somebody should look at it. */
  readonly isInvalid: boolean;
};

/** How a call ended: its reply to its end, broken off, or given up by the client. */
export type CallEnd = "whole" | "broken" | "left";

/** What is on hold for a call: it is booked where the counts cannot be true. */
export interface Hold {
  /** A budget stands over the caller: it is booked too where nobody can tell what the call used. */
  readonly isNeeded: boolean;
  readonly nanoUsd: () => NanoUsd;
}

/** The call that is metered. */
export interface UsageParts {
  readonly call: Call;
  readonly match: RouteMatch;
  readonly upload: Upload;
  /** Kept out of what is recorded. */
  readonly own: OwnKeys;
}

/**
 * What one call uses and costs: the copy of its reply, read by the route's format, at the route's prices. Asked in
 * order: `watch` or `read` when the reply's head is there, `settle` when it ended, however it did.
 */
export class CallUsage implements MeteredCall {
  readonly method: string;
  readonly path: string;
  readonly #call: Call;
  readonly #route: Route;
  readonly #upload: Upload;
  readonly #own: OwnKeys;
  #value: unknown;
  #isRead = false;
  #fold: UsageFold | "free" | null = null;
  #meter: ReplyMeter | null = null;
  #metered: Soon<Metered> | null = null;
  #status = 0;
  /** The models that a limit has read in the request. */
  #named: readonly string[] = [];
  #isStream = false;
  #ofHeaders: Usage | null = null;
  #wasAsked = false;
  #trusted: Trusted = untrusted;

  constructor({ call, match, upload, own }: UsageParts) {
    this.method = call.method;
    this.path = joinPath(match.route.target.path, match.subpath);
    this.#call = call;
    this.#route = match.route;
    this.#upload = upload;
    this.#own = own;
  }

  body(): unknown {
    if (!this.#isRead) {
      this.#isRead = true;
      this.#value = requestValue(this.#call, this.#route, this.#upload.start());
    }
    return this.#value;
  }

  /** The reply is a stream of messages. */
  get isStream(): boolean {
    return this.#isStream;
  }

  /** The models that a limit has read in the request. */
  named(models: readonly string[]): void {
    this.#named = models;
  }

  /** The upstream was asked for usage that the client did not ask for. */
  asked(): void {
    this.#wasAsked = true;
  }

  /** What becomes of the stream's frames; null where none is touched. Else the editor shows them to `meter`. */
  editor(headers: ReplyHeaders, meter: ReplyMeter | null): FrameEditor | null {
    if (meter === null) return null;
    return frameEditor(headers, meter, {
      takesOut: this.#wasAsked,
      cost: this.#route.tellsCostInStreams ? () => this.#costSoFar(meter.soFar()) : null,
    });
  }

  /** A reply that flows: who is to see its bytes; null where nobody has to. */
  watch(status: number, headers: ReplyHeaders): ReplyMeter | null {
    const fold = this.#answered(status, headers);
    if (fold === null) return null;
    this.#meter = openMeter(fold, headOf(headers));
    return this.#meter;
  }

  /** A reply that was read whole. */
  read(status: number, headers: ReplyHeaders, bytes: ArrayBuffer): void {
    const fold = this.#answered(status, headers);
    if (fold !== null) this.#metered = meterWhole(fold, headOf(headers), new Uint8Array(bytes));
  }

  settle(end: CallEnd, hold: Hold): Soon<Settled> {
    const metered = this.#metered ?? this.#meter?.end() ?? null;
    return whenThere(metered, (known) => this.#booked(known, end, hold));
  }

  /**
   * An upper estimate of what the call will cost, from its size and the most that it asks for, at the price of the
   * dearest model that it names: nobody knows which one the upstream reads. Null: nobody knows.
   */
  estimate(models: readonly string[], input: number, output: number): Soon<NanoUsd | null> {
    const { metering } = this.#route;
    if (metering === null || output === 0 || !metering.format.countsTokens(this)) return null;
    const inPath = metering.format.modelOfPath(this.path);
    const all = inPath === null ? models : [inPath, ...models];
    return whenThere(
      this.#dearest(this.#formatId(), all, { input, output }),
      ({ nanoUsd }) => nanoUsd,
    );
  }

  #costSoFar(metered: Metered): Soon<NanoUsd | null> {
    const { costNanoUsd: flat } = this.#route;
    const cost = this.#trusted.costNanoUsd ?? flat;
    if (cost !== null) return cost;
    if (metered.usage === null || metered.isInvalid) return null;
    const priced = this.#dearest(
      this.#provider(metered),
      this.#models(metered, true),
      metered.usage,
    );
    return whenThere(priced, ({ nanoUsd }) => nanoUsd);
  }

  #answered(status: number, headers: ReplyHeaders): UsageFold | null {
    this.#status = status;
    this.#isStream = isStreamOfMessages(headers["content-type"] ?? "");
    const { metering, trustsUpstreamCost } = this.#route;
    if (trustsUpstreamCost) this.#trusted = trustedOf(headers);
    if (metering === null || status >= 400) return null;
    if (this.#formatId() !== null && this.#route.costNanoUsd === null) metering.prices.warm();
    this.#fold = metering.format.fold(this);
    this.#ofHeaders = metering.format.usageOfHeaders?.(headers) ?? null;
    return this.#fold === "free" ? null : this.#fold;
  }

  #booked(metered: Metered | null, end: CallEnd, hold: Hold): Soon<Settled> {
    const trusted = this.#trusted;
    const isInvalid = metered?.isInvalid === true || trusted.isInvalid;
    const told = isInvalid ? null : this.#usageOf(metered, end);
    const models = this.#models(metered, told !== null);
    const [model = null] = models;
    const known: Settled = {
      provider: this.#provider(metered),
      model: model === null ? null : shownModel(model, this.#own),
      usage: trusted.tokens === null ? (told?.usage ?? null) : withTotal(told, trusted.tokens),
      isInvalid,
      estimated: told?.isEstimate === true,
      costNanoUsd: null,
      unpriced: this.#reason(metered),
    };
    const certain = this.#certain(known, metered, hold);
    if (certain !== null) return certain;
    return whenThere(this.#pricedOf(known, models), (settled) => {
      if (settled.costNanoUsd !== null) return bookedOnce(metered, settled);
      if (!hold.isNeeded || !this.#mayHide(settled.unpriced)) return settled;
      return { ...settled, costNanoUsd: hold.nanoUsd(), estimated: true };
    });
  }

  /** What needs no price; null for what does. */
  #certain(known: Settled, metered: Metered | null, hold: Hold): Settled | null {
    const { costNanoUsd: flat } = this.#route;
    const exact = (nano: NanoUsd): Settled => ({ ...known, costNanoUsd: nano, unpriced: null });
    if (this.#trusted.costNanoUsd !== null) return exact(this.#trusted.costNanoUsd);
    if (this.#status >= 400) return exact(0);
    if (flat !== null) return exact(flat);
    if (known.isInvalid) return { ...exact(hold.nanoUsd()), estimated: true };
    if (this.#fold === "free" || isBookedAlready(metered)) return { ...exact(0), usage: null };
    return null;
  }

  #pricedOf(known: Settled, models: readonly string[]): Soon<Settled> {
    const { usage, provider } = known;
    if (usage === null) return known;
    const price = (of: Usage) => this.#dearest(provider, models, of);
    const priced = whenThere(price(usage), (first) => {
      const isGuessed = first.nanoUsd === null && known.estimated; // embeddings have no price of output
      return isGuessed ? price({ ...usage, output: 0 }) : first;
    });
    return whenThere(priced, ({ nanoUsd, ...rest }): Settled => {
      const unpriced = "unpriced" in rest ? rest.unpriced : null;
      const isOneOfSeveral = nanoUsd !== null && models.length > 1;
      return {
        ...known,
        costNanoUsd: nanoUsd,
        unpriced,
        estimated: known.estimated || isOneOfSeveral,
      };
    });
  }

  /** Nobody can tell what it used, where somebody may have seen to that: a budget is not to be got around so. */
  #mayHide(reason: Unpriced | null): boolean {
    if (this.#status < 200 || this.#status > 299 || reason === "no_reply") return false;
    return reason === "unparsed" || (this.#formatId() !== null && this.method !== "GET");
  }

  /** What the reply told; where it broke off before it told all, or never tells, an estimate of the rest. */
  #usageOf(metered: Metered | null, end: CallEnd): Told | null {
    const { metering } = this.#route;
    const usage = metered?.usage ?? this.#ofHeaders;
    if (metering === null || this.#fold === "free") return null;
    const isTold = metered?.isFinal === true || (usage !== null && usage === this.#ofHeaders);
    if (isTold) return toldBy(usage);
    if (end === "whole" && metered?.isUnparsed === true) return toldBy(usage);
    if (this.#status === 0 && end !== "left") return null; // what it failed to answer nobody is charged for
    if ((end === "whole" && !this.#isStream) || this.method !== "POST") return toldBy(usage);
    if (!metering.format.countsTokens(this)) return toldBy(usage);
    const bytesIn = textBytesOf(this.#upload.start().bytes, this.#upload.passed.bytes);
    return estimated({ usage, metered, isStream: this.#isStream, bytesIn });
  }

  #provider(metered: Folded | null): string | null {
    return metered?.provider ?? this.#formatId();
  }

  /** Null where only the reply can tell. */
  #formatId(): string | null {
    const id = this.#route.metering?.format.id ?? guessedFormat;
    return id === guessedFormat ? null : id;
  }

  /**
   * The reply's model, else the path's (who reads it there reads none in the body, whatever a client writes), else the
   * request's: several where it names several, since nobody knows which one the upstream reads.
   */
  #models(metered: Folded | null, hasUsage: boolean): readonly string[] {
    const { metering } = this.#route;
    if (metering === null) return [];
    const told = metered?.model ?? metering.format.modelOfPath(this.path);
    if (told !== null) return [told];
    if (this.#named.length > 1) return this.#named;
    if (!hasUsage && this.#formatId() === null) return this.#named; // the body of an API that nobody knows is not read for its name alone
    const requested = this.#requested();
    return requested === null ? [] : [requested];
  }

  #requested(): string | null {
    if (this.#named.length === 1) return this.#named[0] ?? null;
    const value = this.body();
    if (value === undefined) return modelOfStart(this.#call, this.#upload.start());
    if (typeof value !== "object" || value === null || !("model" in value)) return null;
    return typeof value.model === "string" && value.model !== "" ? value.model : null;
  }

  #reason(metered: Metered | null): Unpriced {
    if (this.#status === 0) return "no_reply";
    return metered?.isUnparsed === true ? "unparsed" : "no_usage";
  }

  #dearest(provider: string | null, models: readonly string[], usage: Usage): Soon<Priced> {
    const { metering } = this.#route;
    if (metering === null) return { nanoUsd: null, unpriced: "no_usage" };
    return dearestPrice(metering.prices, models, { provider, usage, at: Date.now() });
  }
}
