import { adminText } from "./gateways.ts";

/** How late a gateway's event loop was since it was last asked, in milliseconds. */
export interface Lag {
  readonly max: number;
  readonly p99: number;
}

/** What a gateway's `/metrics` says of its event loop; asking begins a new span. */
export async function takeLag(port: number): Promise<Lag> {
  const text = await adminText(port, "GET", "/metrics");
  const ms = (of: string) => 1_000 * valueOf(text, `tollgate_event_loop_lag_seconds{of="${of}"}`);
  return { max: ms("max"), p99: ms("p99") };
}

/** Calls whose bodies were not kept, or cut, for want of memory or of a disk. */
export async function droppedBodies(port: number): Promise<number> {
  return valueOf(await adminText(port, "GET", "/metrics"), "tollgate_body_log_dropped_total");
}

function valueOf(text: string, name: string): number {
  const line = text.split("\n").find((each) => each.startsWith(`${name} `));
  if (line === undefined) throw new Error(`/metrics has no ${name}`);
  return Number(line.slice(name.length));
}
