/**
 * IPv4 ranges that are no place in the Internet (RFC 6890 and its registry), and one address that is a cloud's own
 * machinery though it looks public: 168.63.129.16, Azure's.
 */
const notPublicV4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "168.63.129.16/32",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
].map(rangeOf);

/**
 * Whether an address, as a resolver gives it, is one of the public Internet. Of IPv6 that is 2000::/3 alone, without
 * what is set apart in it: Teredo and other protocols, documentation, 6to4. IPv4 inside of IPv6 counts as what it
 * stands for where it is mapped or behind a NAT64, and else not at all. What is no address, or has a zone, is not public.
 */
export function isPublicAddress(address: string): boolean {
  const v4 = parseV4(address);
  if (v4 !== null) return isPublicV4(v4);
  const groups = parseV6(address);
  if (groups === null) return false;
  const inside = mappedIn(groups) ?? behindNat64(groups);
  if (inside !== null) return isPublicV4(inside);
  const [first = 0, second = 0] = groups;
  if (first < 0x2000 || first > 0x3fff) return false;
  if (first === 0x2001) return second > 0x01ff && second !== 0x0db8;
  return first !== 0x2002 && !(first === 0x3fff && second < 0x1000);
}

/** The IPv4 address that an IPv6 one merely wraps (`::ffff:10.0.0.1`), or null. */
export function mappedV4(address: string): string | null {
  const groups = parseV6(address);
  const inside = groups === null ? null : mappedIn(groups);
  if (inside === null) return null;
  return [inside >>> 24, (inside >>> 16) & 255, (inside >>> 8) & 255, inside & 255].join(".");
}

function isPublicV4(address: number): boolean {
  return !notPublicV4.some(({ base, mask }) => (address & mask) >>> 0 === base);
}

/** ::ffff:0:0/96 */
function mappedIn(groups: readonly number[]): number | null {
  return startsWith(groups, [0, 0, 0, 0, 0, 0xffff]) ? lastOf(groups) : null;
}

/** 64:ff9b::/96 */
function behindNat64(groups: readonly number[]): number | null {
  return startsWith(groups, [0x64, 0xff9b, 0, 0, 0, 0]) ? lastOf(groups) : null;
}

function startsWith(groups: readonly number[], prefix: readonly number[]): boolean {
  return prefix.every((group, index) => groups[index] === group);
}

function lastOf(groups: readonly number[]): number {
  return (groups[6] ?? 0) * 0x1_0000 + (groups[7] ?? 0);
}

function rangeOf(cidr: string): { readonly base: number; readonly mask: number } {
  const [address = "", bits] = cidr.split("/");
  const base = parseV4(address);
  if (base === null) throw new Error(`not an address: ${cidr}`);
  return { base, mask: (-1 << (32 - Number(bits))) >>> 0 };
}

/** Four plain decimal numbers: what else some resolvers take for an address (`0177.1`) is none. */
function parseV4(text: string): number | null {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part))) return null;
  const numbers = parts.map(Number);
  if (numbers.some((number) => number > 255)) return null;
  return numbers.reduce((whole, number) => whole * 256 + number, 0);
}

/** Its eight groups. */
function parseV6(text: string): readonly number[] | null {
  const halves = text.split("::");
  if (halves.length > 2) return null;
  const [before, after] = halves.map(groupsOf);
  if (before === null || before === undefined || after === null) return null;
  if (after === undefined) return before.length === 8 ? before : null;
  const missing = 8 - before.length - after.length;
  return missing < 1 ? null : [...before, ...Array<number>(missing).fill(0), ...after];
}

/** Of one side of `::`; the last one may be IPv4. */
function groupsOf(text: string): readonly number[] | null {
  if (text === "") return [];
  const parts = text.split(":");
  const v4 = parseV4(parts.at(-1) ?? "");
  const hex = v4 === null ? parts : parts.slice(0, -1);
  if (!hex.every((part) => /^[0-9a-f]{1,4}$/i.test(part))) return null;
  const groups = hex.map((part) => Number.parseInt(part, 16));
  return v4 === null ? groups : [...groups, Math.floor(v4 / 0x1_0000), v4 % 0x1_0000];
}
