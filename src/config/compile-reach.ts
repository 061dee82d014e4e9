import { type BlockList, isIP } from "node:net";
import { isPublicAddress, mappedV4 } from "../core/public-address.ts";
import type { Reach, Target } from "../core/routes.ts";
import { addressList } from "./address-list.ts";
import { type Finding, fault, type KeyPath, warning } from "./findings.ts";
import { isOwnListener, type Listener } from "./listener.ts";

const key = "allow_private_targets";
const setting: KeyPath = ["general_settings", key];

/** Where clouds tell a machine its own credentials. */
const metadataAddresses = ["169.254.169.254", "fd00:ec2::254"];

/**
 * Ports of protocols that can take an HTTP request for their own: those that the Fetch standard blocks, of the
 * well-known ones. And 0, which is none.
 */
const blockedPorts: ReadonlySet<number> = new Set([
  0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102,
  103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465,
  512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993,
  995,
]);

/**
 * Where endpoints made through the API may lead: the Internet, and of the networks around this machine what the
 * setting names. Never to this gateway's own listener, whose port is asked for at each call. `setTo`: as it is written.
 */
export function compileReach(
  setTo: unknown,
  listener: Listener,
): { readonly reach: Reach; readonly findings: readonly Finding[] } {
  const { allows, findings } = compileAllowed(setTo);
  const isOwn = (address: string, port: number) =>
    port === listener.port && isOwnListener(originOf(mappedV4(address) ?? address, port), listener);
  const reach: Reach = {
    isOwn,
    allows(host, asGiven, port) {
      const address = mappedV4(asGiven) ?? asGiven;
      if (isIP(address) === 0 || address.includes("%")) return false;
      if (blockedPorts.has(port)) return false;
      if (isOwn(address, port)) return false;
      return isPublicAddress(address) || allows(host, address);
    },
  };
  if (metadataAddresses.some((address) => allows("", address))) {
    const message =
      "endpoints made through the API may reach a cloud's metadata service, and its credentials";
    findings.push(warning(setting, message, "List the hosts and CIDRs that are meant.", "unsafe"));
  }
  return { reach, findings };
}

/** What is wrong with a target that is this gateway. */
export const ownAddress = "this is the gateway's own address: a route cannot lead to itself";

/** What is wrong with the target of an endpoint made through the API, as far as its text tells. */
export function privateTarget({ origin }: Target, path: KeyPath, reach: Reach): Finding[] {
  const url = new URL(origin);
  const host = url.hostname.replace(/^\[|\]$|\.+$/g, "").toLowerCase();
  const port = Number(url.port || (url.protocol === "https:" ? 443 : 80));
  if (blockedPorts.has(port)) {
    return [fault(path, `port ${port} is not one of HTTP`, "Name the upstream's own port.")];
  }
  const isLocal = host === "localhost" || host.endsWith(".localhost");
  const addresses = isLocal ? ["127.0.0.1", "::1"] : [host];
  const isName = !isLocal && isIP(host) === 0; // told at each call, once it is resolved
  if (isName || addresses.some((address) => reach.allows(host, address, port))) return [];
  if (addresses.some((address) => reach.isOwn(address, port))) {
    return [fault(path, ownAddress, "Name another upstream.")];
  }
  const remedy = `Allow it with general_settings.${key}, or write the endpoint into config.yaml.`;
  return [fault(path, "this address is not a public one", remedy)];
}

interface Allowed {
  readonly allows: (host: string, address: string) => boolean;
  readonly findings: Finding[];
}

function compileAllowed(setTo: unknown): Allowed {
  if (setTo === undefined || typeof setTo === "boolean") {
    return { allows: () => setTo === true, findings: [] };
  }
  const remedy = "Write [10.0.0.0/8, 192.168.1.7, vllm.internal], say.";
  if (!Array.isArray(setTo)) {
    const findings = [fault(setting, "true, false or a list is meant", remedy)];
    return { allows: () => false, findings };
  }
  const findings: Finding[] = [];
  const hosts = new Set<string>();
  const lists: BlockList[] = [];
  setTo.forEach((entry: unknown, index) => {
    const text = typeof entry === "string" ? entry.trim().replace(/^\[(.*)\]$/, "$1") : "";
    const host = hostName(text);
    const list = host === null ? addressesOf(text) : null;
    if (host !== null) hosts.add(host);
    else if (list !== null) lists.push(list);
    else {
      const message = "this is not a host, an address or a CIDR";
      findings.push(fault([...setting, index], message, remedy));
    }
  });
  return {
    allows: (host, address) => hosts.has(host) || lists.some((list) => holds(list, address)),
    findings,
  };
}

/** A name as it stands in a URL, without last dots; null for addresses however they are spelt, and for what is no name. */
function hostName(text: string): string | null {
  if (!/^[^\s/:@?#\\[\]%*<>^|]+$/.test(text) || !URL.canParse(`http://${text}/`)) return null;
  const host = new URL(`http://${text}/`).hostname.replace(/\.+$/, "");
  return host === "" || isIP(host) !== 0 ? null : host;
}

/** Null for what is neither an address nor a CIDR, and for addresses with a zone: those are never connected to. */
function addressesOf(text: string): BlockList | null {
  const { list, findings } = addressList([text], key);
  return findings.length > 0 || text.includes("%") ? null : list;
}

function holds(list: BlockList, address: string): boolean {
  return list.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
}

function originOf(address: string, port: number): string {
  return `http://${isIP(address) === 6 ? `[${address}]` : address}:${port}`;
}
