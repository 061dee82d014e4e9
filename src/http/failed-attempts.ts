import { GatewayError } from "../core/errors.ts";

/** Guesses at the admin API's keys, by the address they come from. */
export interface FailedAttempts {
  /** Throws `too_many_failures` while an address has to wait. Asked for wrong keys alone, and for every sign-in. */
  check(address: string): void;
  failed(address: string): void;
  /** Forgets what the address did. For admins alone: else a caller with any valid key could guess on. */
  succeeded(address: string): void;
}

interface Attempts {
  readonly count: number;
  readonly lastAt: number;
  /** Until when another failure is no further one. */
  readonly waitsUntil: number;
}

/** So many failures in a row are mistakes; the wait begins with the next one being 1 s, and doubles up to 60 s. */
const freeFailures = 5;
const longestWaitMs = 60_000;

/** After that a mistake is a new one. */
const forgottenAfterMs = 15 * 60_000;

/** Addresses kept at most; beyond it the one that failed longest ago is forgotten. */
const maxAddresses = 10_000;

/** `now`: milliseconds of a clock that never goes back. The same object serves every listener. */
export function createFailedAttempts(now: () => number = () => performance.now()): FailedAttempts {
  const byNetwork = new Map<string, Attempts>();

  return {
    check(address) {
      const waitMs = (byNetwork.get(networkOf(address))?.waitsUntil ?? 0) - now();
      if (waitMs > 0) throw tooManyFailures(Math.ceil(waitMs / 1000));
    },
    failed(address) {
      const network = networkOf(address);
      const at = now();
      const count = countOf(byNetwork.get(network), at) + 1;
      byNetwork.delete(network); // to be the youngest
      byNetwork.set(network, { count, lastAt: at, waitsUntil: at + waitAfter(count) });
      const [oldest] = byNetwork.keys();
      if (byNetwork.size > maxAddresses && oldest !== undefined) byNetwork.delete(oldest);
    },
    succeeded(address) {
      byNetwork.delete(networkOf(address));
    },
  };
}

function countOf(attempts: Attempts | undefined, at: number): number {
  if (attempts === undefined || at - attempts.lastAt > forgottenAfterMs) return 0;
  return attempts.count;
}

function waitAfter(count: number): number {
  if (count < freeFailures) return 0;
  return Math.min(longestWaitMs, 1000 * 2 ** Math.min(count - freeFailures, 6));
}

/**
 * One customer of a provider has a /64 of IPv6 to himself, and so would have as many attempts as he likes. The first
 * of all is no such network: this machine and every IPv4 address written as an IPv6 one are in it.
 */
function networkOf(address: string): string {
  if (!address.includes(":")) return address;
  const [before = "", after] = address.split("::");
  const front = before === "" ? [] : before.split(":");
  const back = after === undefined || after === "" ? [] : after.split(":");
  const gap = after === undefined ? 0 : 8 - front.length - back.length;
  const groups = [...front, ...Array.from({ length: Math.max(0, gap) }, () => "0"), ...back];
  const network = groups.slice(0, 4).map((group) => Number.parseInt(group, 16));
  return network.every((group) => group === 0) ? address.toLowerCase() : network.join(":");
}

function tooManyFailures(seconds: number): GatewayError {
  return new GatewayError("too_many_failures", {
    detail: `Try again in ${seconds} s.`,
    headers: { "retry-after": String(seconds) },
  });
}
