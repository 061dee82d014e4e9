import { createSocket } from "node:dgram";

/** Only root may give a process another /etc/resolv.conf; CI is root. */
export const mayUnshare =
  process.platform === "linux" && Bun.spawnSync(["unshare", "-m", "true"]).exitCode === 0;

/** A name server of these names alone, whose answers can be changed while it runs. */
export interface NameServer extends Disposable {
  /** What a name's addresses are from now on; null: no word about it. IPv4 alone. */
  set(name: string, addresses: readonly string[] | null): void;
  /** How often the name's IPv4 addresses have been asked for. */
  asked(name: string): number;
  /** For a gateway that asks this server: to be spread into its options. */
  readonly options: { readonly wrap: readonly string[]; readonly files: Record<string, string> };
}

const typeA = 1;
const nxdomain = 3;

/** `address`: one of 127.0.0.0/8 that no other test of a name server has. */
export async function startNameServer(address: string): Promise<NameServer> {
  const socket = createSocket("udp4");
  const known = new Map<string, readonly string[] | null>();
  const asked = new Map<string, number>();
  socket.on("message", (query, peer) => {
    const { name, type, end } = questionOf(query);
    if (type === typeA) asked.set(name, (asked.get(name) ?? 0) + 1);
    const addresses = known.get(name);
    if (addresses === null) return;
    const records = type === typeA ? (addresses ?? []).map(recordOf) : [];
    const head = Buffer.from(query.subarray(0, end));
    head.writeUInt16BE(0x8180 | (addresses === undefined ? nxdomain : 0), 2);
    head.writeUInt16BE(records.length, 6);
    head.writeUInt32BE(0, 8); // no authority, nothing additional
    socket.send(Buffer.concat([head, ...records]), peer.port, peer.address);
  });
  await new Promise<void>((resolve) => socket.bind(53, address, resolve));
  return {
    set: (name, addresses) => void known.set(name, addresses),
    asked: (name) => asked.get(name) ?? 0,
    options: {
      wrap: [
        "unshare",
        "-m",
        "sh",
        "-c",
        `mount --bind "$PWD/resolv.conf" /etc/resolv.conf && exec "$@"`,
        "sh",
      ],
      files: { "resolv.conf": `nameserver ${address}\noptions timeout:5 attempts:2\n` },
    },
    [Symbol.dispose]: () => socket.close(),
  };
}

/** RFC 1035 §4.1.2; `end` is that of the question. */
function questionOf(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join(".").toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

/** An A record of the question's name with no time to live (RFC 1035 §4.1.3). */
function recordOf(address: string): Buffer {
  const head = [0xc0, 12, 0, typeA, 0, 1, 0, 0, 0, 0, 0, 4];
  return Buffer.from([...head, ...address.split(".").map(Number)]);
}
