import { type BlockList, isIP } from "node:net";
import { GatewayError } from "../core/errors.ts";
import type { ClientHeaders } from "../core/types.ts";

/** Null where nothing is restricted. */
export interface AddressRules {
  /** `allowed_ips`. */
  readonly allowed: BlockList | null;
  /** `trusted_proxies`: peers whose `X-Forwarded-For` counts. */
  readonly proxies: BlockList | null;
}

/** Throws `address_not_allowed` for a caller outside of `allowed_ips`. */
export function checkAddress(
  peer: () => string,
  headers: ClientHeaders,
  { allowed, proxies }: AddressRules,
): void {
  if (allowed === null) return;
  if (!holds(allowed, clientAddress(peer(), headers, proxies))) {
    throw new GatewayError("address_not_allowed");
  }
}

/**
 * Who is at the other end: the peer, or, as far as trusted proxies vouch for it, the last address of
 * `X-Forwarded-For` that is not such a proxy itself.
 */
export function clientAddress(
  peer: string,
  headers: ClientHeaders,
  proxies: BlockList | null,
): string {
  if (proxies === null) return peer;
  let address = peer;
  const hops = (headers["x-forwarded-for"] ?? "").split(",").map((hop) => hop.trim());
  while (holds(proxies, address)) {
    const hop = hops.pop();
    if (hop === undefined || hop === "") break;
    address = addressOf(hop);
  }
  return address;
}

/** A hop as proxies write it: `1.2.3.4:5678`, `[2001:db8::1]:443`, `::ffff:1.2.3.4`. What is none stays as it is. */
function addressOf(hop: string): string {
  return hop
    .replace(/^\[(.+)\](?::\d{1,5})?$|^([\d.]+):\d{1,5}$/, "$1$2")
    .replace(/^::ffff:(?=\d+\.)/i, "");
}

/** What is no address is in no list; the list itself would read `10.1` as one. */
function holds(list: BlockList, address: string): boolean {
  const family = isIP(address);
  return family !== 0 && list.check(address, family === 6 ? "ipv6" : "ipv4");
}
