import { BlockList, isIP } from "node:net";
import { hostname, networkInterfaces } from "node:os";
import { isLoopback } from "../core/loopback.ts";

/** Where the gateway listens. */
export interface Listener {
  readonly addresses: readonly string[];
  /** 0 while it is not known: then no target can be this listener. */
  readonly port: number;
}

const anywhere = new Set(["0.0.0.0", "::"]);

/** Whether nobody but this machine can connect. */
export function onLoopback({ addresses }: Listener): boolean {
  return addresses.every(isLoopbackHost);
}

/** Whether a host of a URL, without brackets, is this machine's loopback. */
export function isLoopbackHost(host: string): boolean {
  const name = host.replace(/\.$/, "").toLowerCase();
  return name === "localhost" || name.endsWith(".localhost") || isLoopback(mapped(name));
}

/** Whether a request to this origin would come back here. */
export function isOwnListener(origin: string, { addresses, port }: Listener): boolean {
  const url = new URL(origin);
  const defaultPort = url.protocol === "https:" ? 443 : 80;
  if (port === 0 || Number(url.port === "" ? defaultPort : url.port) !== port) return false;
  const host = url.hostname
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "")
    .toLowerCase();
  if (addresses.some((address) => address.toLowerCase() === host)) return true;
  const everywhere = addresses.some((address) => anywhere.has(address));
  if (isLoopbackHost(host) || anywhere.has(host)) {
    return everywhere || addresses.some(isLoopbackHost);
  }
  return everywhere && (isOfThisMachine(host) || host === hostname().toLowerCase());
}

/** IPv4 as such, also where it is written as IPv6 (`::ffff:127.0.0.1`, in a URL `::ffff:7f00:1`). */
function mapped(name: string): string {
  const hex = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(name);
  if (hex === null) return name.replace(/^::ffff:(?=\d+\.)/, "");
  const [high, low] = [Number.parseInt(hex[1] ?? "", 16), Number.parseInt(hex[2] ?? "", 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}

function isOfThisMachine(host: string): boolean {
  const own = new BlockList();
  for (const entry of Object.values(networkInterfaces()).flat()) {
    if (entry !== undefined)
      own.addAddress(entry.address, entry.family === "IPv6" ? "ipv6" : "ipv4");
  }
  return isIn(own, host);
}

function isIn(list: BlockList, host: string): boolean {
  const family = isIP(host);
  return family !== 0 && list.check(host, family === 6 ? "ipv6" : "ipv4");
}
