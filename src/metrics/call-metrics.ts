import type { CallRecord } from "../core/types.ts";
import { LabelSets } from "./label-sets.ts";
import { Latencies } from "./latencies.ts";

/** What a route's calls took. */
export interface RouteLatencies {
  readonly total: Latencies;
  /** Without the time spent here. */
  readonly upstream: Latencies;
  readonly firstByte: Latencies;
  readonly overhead: Latencies;
}

/** Counts finished calls, at the price of a look into a map; how they are told is for `exposition.ts`. */
export class CallMetrics {
  readonly sums = new LabelSets();
  readonly latencies = new Map<string, RouteLatencies>();
  /** By route and reason, joined by a line feed. */
  readonly unpriced = new Map<string, number>();
  readonly turnedAway = new Map<string, number>();
  /** Calls whose upstream told counts that cannot be. */
  usageInvalid = 0;

  finished(record: CallRecord): void {
    const route = record.route?.id ?? "";
    if (record.principal === null) {
      count(this.turnedAway, `${route}\n${record.error?.code ?? String(record.status)}`);
      return;
    }
    this.#add(record, route);
    this.#time(record, route);
    if (record.unpriced !== null) count(this.unpriced, `${route}\n${record.unpriced}`);
  }

  #add({ principal, status, error, model, usage, costNanoUsd }: CallRecord, route: string): void {
    const payer = principal?.kind === "key" ? principal : null;
    const sums = this.sums.of({
      route,
      status,
      keyId: payer?.key.id ?? (principal?.kind === "master" ? "master" : ""),
      keyAlias: payer?.key.alias ?? "",
      teamId: payer?.team?.id ?? "",
      teamAlias: payer?.team?.alias ?? "",
      model: usage === null ? "" : (model ?? ""),
    });
    sums.calls += 1;
    if (error !== null || status >= 400) sums.failed += 1;
    sums.spendNanoUsd += costNanoUsd ?? 0;
    sums.inputTokens += usage?.input ?? 0;
    sums.outputTokens += usage?.output ?? 0;
  }

  #time({ durationMs, firstByteMs, overheadMs }: CallRecord, route: string): void {
    let own = this.latencies.get(route);
    if (own === undefined) this.latencies.set(route, (own = routeLatencies()));
    own.total.add(durationMs);
    if (overheadMs !== null) {
      own.overhead.add(overheadMs);
      own.upstream.add(Math.max(0, durationMs - overheadMs));
    }
    if (firstByteMs !== null) own.firstByte.add(firstByteMs);
  }
}

function routeLatencies(): RouteLatencies {
  return {
    total: new Latencies(),
    upstream: new Latencies(),
    firstByte: new Latencies(),
    overhead: new Latencies(),
  };
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
