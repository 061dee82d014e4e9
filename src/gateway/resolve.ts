import { isIP } from "node:net";
import { GatewayError } from "../core/errors.ts";
import type { Reach, Target } from "../core/routes.ts";

/** So long an answer counts. A name that moves is followed soon after, and nobody waits for it in between. */
const keptMs = 10_000;

/** Answers that are remembered; the oldest goes for a new one. */
const mostKept = 1_000;

/** Of a name's addresses no more are tried: it is not for us to connect to each of a thousand. */
const mostTried = 4;

/** Somebody at a page waits for it, and each call asks again. */
const askMs = 2_000;

interface Answer {
  readonly addresses: readonly string[];
  readonly until: number;
}

/** A target as a resolver, a certificate and a `Host` header name it. */
export interface Place {
  readonly scheme: string;
  /** In lower case, without brackets or last dots. */
  readonly host: string;
  /** As it is looked up: a last dot says that it is the whole name. */
  readonly name: string;
  readonly isAddress: boolean;
  readonly port: number;
  readonly authority: string;
}

const places = new WeakMap<Target, Place>();
const answers = new Map<string, Answer>();
const underWay = new Map<string, Promise<readonly string[]>>();

/** Parsed once a target. */
export function placeOf(target: Target): Place {
  const known = places.get(target);
  if (known !== undefined) return known;
  const { protocol, host: authority, hostname, port } = new URL(target.origin);
  const name = hostname.replace(/^\[|\]$/g, "");
  const host = name.replace(/\.+$/, "").toLowerCase();
  const place = {
    scheme: protocol,
    host,
    name,
    isAddress: isIP(host) !== 0,
    port: Number(port === "" ? (protocol === "https:" ? 443 : 80) : port),
    authority,
  };
  places.set(target, place);
  return place;
}

/** Scheme and authority by address. */
export function originAt({ scheme, port }: Place, address: string): string {
  return `${scheme}//${isIP(address) === 6 ? `[${address}]` : address}:${port}`;
}

/**
 * Addresses of a place, all of them allowed: connect to these and to no others. One that is not makes the whole
 * answer suspect. Throws `upstream_not_allowed`, `upstream_dns`, or the signal's reason.
 */
export async function checkedAddresses(
  place: Place,
  reach: Reach,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const addresses = known(place) ?? (await orAborted(lookUp(place), signal));
  const refused = addresses.find((address) => !reach.allows(place.host, address, place.port));
  if (refused === undefined) return addresses.slice(0, mostTried);
  const cause = new Error(`${refused} is private and not in allow_private_targets, or our own`);
  throw new GatewayError("upstream_not_allowed", { cause });
}

/** From now on the other addresses of the place are tried before this one. */
export function putLast({ name }: Place, address: string): void {
  const answer = answers.get(name);
  if (answer === undefined || !answer.addresses.includes(address)) return;
  const others = answer.addresses.filter((other) => other !== address);
  answers.set(name, { ...answer, addresses: [...others, address] });
}

/**
 * An address of a target's name, right now, that calls would be refused for. Null where there is none, and for a name
 * that cannot be resolved, or not within two seconds: it may be there tomorrow, and every call asks again.
 */
export async function refusedAddress(target: Target, reach: Reach): Promise<string | null> {
  const place = placeOf(target);
  const asked = place.isAddress ? Promise.resolve([place.host]) : lookUp(place).catch(() => []);
  const addresses = await Promise.race([asked, Bun.sleep(askMs).then(() => [])]);
  return addresses.find((address) => !reach.allows(place.host, address, place.port)) ?? null;
}

function known({ isAddress, host, name }: Place): readonly string[] | null {
  if (isAddress) return [host];
  const answer = answers.get(name);
  return answer !== undefined && performance.now() < answer.until ? answer.addresses : null;
}

/** One question a name at a time, shared by all who wait for it; only answers are remembered. */
function lookUp({ name }: Place): Promise<readonly string[]> {
  const asked = underWay.get(name);
  if (asked !== undefined) return asked;
  const asking = ask(name)
    .then((addresses) => remember(name, addresses))
    .finally(() => underWay.delete(name));
  underWay.set(name, asking);
  return asking;
}

/** The system's own resolver: the runtime's other one knows neither /etc/hosts nor the names of the local network. */
async function ask(name: string): Promise<readonly string[]> {
  try {
    const found = await Bun.dns.lookup(name, { backend: "system" });
    if (found.length > 0) return [...new Set(found.map(({ address }) => address))];
  } catch {
    // the same to a caller as no address
  }
  throw new GatewayError("upstream_dns");
}

function remember(name: string, addresses: readonly string[]): readonly string[] {
  const oldest = answers.keys().next();
  if (answers.size >= mostKept && oldest.done !== true) answers.delete(oldest.value);
  answers.delete(name);
  answers.set(name, { addresses, until: performance.now() + keptMs });
  return addresses;
}

function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) return Promise.reject(signal.reason);
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    const end = () => signal.removeEventListener("abort", stop);
    promise.then(resolve, reject).finally(end);
  });
}
