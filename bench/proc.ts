/** What the kernel knows of a process. Linux only. */
import { readFileSync, writeFileSync } from "node:fs";

const ticksPerSecond = 100; // USER_HZ, fixed by the kernel's ABI

/** CPU time of all threads so far, user and system, in µs; steps of 10 ms. */
export function cpuMicros(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return ((Number(fields[11]) + Number(fields[12])) * 1_000_000) / ticksPerSecond;
}

/** Waits until a process has done what it still had to do behind its replies: twenty seconds at most. */
export async function settled(pid: number): Promise<void> {
  const until = performance.now() + 20_000;
  await Bun.sleep(1_500); // rows are moved into the ledger once a second
  for (let before = cpuMicros(pid); performance.now() < until;) {
    await Bun.sleep(1_000);
    const now = cpuMicros(pid);
    if (now - before <= 20_000) return;
    before = now;
  }
}

/** Resident memory in bytes. `peak` is since the start or the last `resetPeak`; `anonymous` leaves out mapped files. */
export function memory(pid: number): { now: number; peak: number; anonymous: number } {
  const status = readFileSync(`/proc/${pid}/status`, "latin1");
  const bytes = (name: string) =>
    1_024 * Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1]);
  return { now: bytes("VmRSS"), peak: bytes("VmHWM"), anonymous: bytes("RssAnon") };
}

/** Makes the peak start anew from what is resident now. */
export function resetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, "5");
}
