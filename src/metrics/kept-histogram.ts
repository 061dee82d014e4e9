import { Histogram, type Registry } from "prom-client";
import { bucketsMs, type Latencies } from "./latencies.ts";

/** Counts by route. */
export type ByRoute = () => Iterable<readonly [route: string, latencies: Latencies]>;

/** A histogram over routes whose counts are kept elsewhere. Milliseconds become seconds. */
export class KeptHistogram extends Histogram<"route"> {
  readonly #name: string;
  readonly #kept: ByRoute;

  constructor(registry: Registry, name: string, help: string, kept: ByRoute) {
    super({ name, help, labelNames: ["route"], registers: [registry] });
    this.#name = name;
    this.#kept = kept;
  }

  override async get(): ReturnType<Histogram<"route">["get"]> {
    const values = [...this.#kept()].flatMap(([route, latencies]) => this.#told(route, latencies));
    return { ...(await super.get()), values };
  }

  #told(route: string, { counts, sumMs }: Latencies) {
    let below = 0;
    const buckets = [...counts].map((count, at) => {
      below += count;
      const ms = bucketsMs[at];
      const le = ms === undefined ? "+Inf" : String(ms / 1000);
      return { metricName: `${this.#name}_bucket`, labels: { route, le }, value: below };
    });
    return [
      ...buckets,
      { metricName: `${this.#name}_sum`, labels: { route }, value: sumMs / 1000 },
      { metricName: `${this.#name}_count`, labels: { route }, value: below },
    ];
  }
}
