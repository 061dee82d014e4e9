import { Histogram, type Registry } from "prom-client";
import { bucketsMs, type Latencies } from "./latencies.ts";

/** Counts by route. */
export type ByRoute = () => Iterable<readonly [route: string, latencies: Latencies]>;

/** A histogram over routes whose counts are kept elsewhere. Milliseconds become seconds. */
export class KeptHistogram extends Histogram<"route"> {
  readonly #name: string;
  readonly #help: string;
  readonly #kept: ByRoute;

  constructor(registry: Registry, name: string, help: string, kept: ByRoute) {
    super({ name, help, labelNames: ["route"], registers: [registry] });
    this.#name = name;
    this.#help = help;
    this.#kept = kept;
  }

  /** What the registry asks a histogram for, and what its `get` is made of; left out of the library's types. */
  async getForPromString() {
    const values = [...this.#kept()].flatMap(([route, latencies]) => this.#told(route, latencies));
    return { name: this.#name, help: this.#help, type: "histogram", aggregator: "sum", values };
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
