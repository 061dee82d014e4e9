import type { UsageFormat } from "../core/metering.ts";

/** A wire format, and the hosts that speak it. */
export interface HostedFormat extends UsageFormat {
  /** `host` is in lower case, without its port. */
  serves(host: string): boolean;
}
