import type { BlockList } from "node:net";
import { GatewayError } from "../core/errors.ts";
import type { Call, Caller } from "../core/types.ts";

/** Null where nothing is restricted. */
export interface AddressRules {
  /** `allowed_ips`. */
  readonly allowed: BlockList | null;
  /** `trusted_proxies`: peers whose `X-Forwarded-For` counts. */
  readonly proxies: BlockList | null;
}

/** Throws `address_not_allowed` for a caller outside of `allowed_ips`. */
export function checkAddress(call: Pick<Call, "caller" | "request">, rules: AddressRules): void {
  if (rules.allowed === null) return;
  const address = clientAddress(call.caller, call.request.headers, rules.proxies);
  if (!holds(rules.allowed, address)) throw new GatewayError("address_not_allowed");
}

/**
 * Who is at the other end: the peer, or, as far as trusted proxies vouch for it, the last address of
 * `X-Forwarded-For` that is not such a proxy itself.
 */
export function clientAddress(caller: Caller, headers: Headers, proxies: BlockList | null): string {
  let address = caller.address();
  if (proxies === null) return address;
  const hops = (headers.get("x-forwarded-for") ?? "").split(",").map((hop) => hop.trim());
  while (holds(proxies, address)) {
    const hop = hops.pop();
    if (hop === undefined || hop === "") break;
    address = hop;
  }
  return address;
}

function holds(list: BlockList, address: string): boolean {
  return list.check(address, address.includes(":") ? "ipv6" : "ipv4");
}
