import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** The file descriptors of this process that listen on a port. Empty where there is no /proc. */
export function listeningSockets(port: number): readonly number[] {
  try {
    const inodes = new Set(["tcp", "tcp6"].flatMap((table) => listeningInodes(table, port)));
    const isListening = (fd: string) => inodes.has(linkOf(`/proc/self/fd/${fd}`));
    return readdirSync("/proc/self/fd").filter(isListening).map(Number);
  } catch {
    return [];
  }
}

/** Columns of /proc/net/tcp: number, local address, remote address, state, …, the tenth is the inode. */
function listeningInodes(table: string, port: number): string[] {
  const lines = readFileSync(`/proc/self/net/${table}`, "utf8").trim().split("\n").slice(1);
  const rows = lines.map((line) => line.trim().split(/\s+/));
  return rows
    .filter((row) => row[3] === "0A" && Number.parseInt(row[1]?.split(":")[1] ?? "", 16) === port)
    .map((row) => `socket:[${row[9]}]`);
}

/** Empty for one that was closed meanwhile. */
function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}

const socketLevel = 1;
const attachReuseportCbpf = 51;
const returnConstant = 0x06;

/**
 * Two listeners share an address: the kernel gives all new connections to the second one from now on, so that the
 * first can be closed without cutting a connection that has only just come. `sockets` are of the
 * second. Only Linux
 * can do that; elsewhere, and where it fails, both go on taking connections.
 */
export async function divertToSecond(sockets: readonly number[]): Promise<void> {
  if (process.platform !== "linux" || sockets.length === 0) return;
  try {
    const { dlopen, ptr } = await import("bun:ffi");
    // struct sock_filter: "the one with index 1"; once it is alone, there is none, and the kernel chooses by itself.
    const filter = new Uint8Array(8);
    new DataView(filter.buffer).setUint16(0, returnConstant, true);
    new DataView(filter.buffer).setUint32(4, 1, true);
    const program = new BigUint64Array([1n, BigInt(ptr(filter))]); // struct sock_fprog
    const libc = openLibc(dlopen);
    for (const fd of sockets) {
      libc.setsockopt(fd, socketLevel, attachReuseportCbpf, program, program.byteLength);
    }
  } catch {
    // Without it a few connections may be reset while the first listener closes.
  }
}

function openLibc(dlopen: (typeof import("bun:ffi"))["dlopen"]) {
  const musl = `libc.musl-${process.arch === "arm64" ? "aarch64" : "x86_64"}.so.1`;
  const open = (name: string) =>
    dlopen(name, {
      setsockopt: { args: ["int", "int", "int", "buffer", "u32"], returns: "int" },
    }).symbols;
  try {
    return open("libc.so.6");
  } catch {
    return open(musl);
  }
}
