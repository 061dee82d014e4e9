import { type Connection, openConnection } from "../connection.ts";
import { admin } from "../gateways.ts";
import { droppedBodies } from "../metrics.ts";
import { longRequest, requestBytes } from "../payloads.ts";
import { memory, resetPeak } from "../proc.ts";
import { afresh, type Bench, type Contender, type Profile } from "../profile.ts";
import type { Subject } from "../subjects.ts";
import { warmUp } from "./warm-up.ts";

const uploads = 200;
const bodyBytes = 10_000_000;
const peak = "RSS at its peak";

/**
 * Large requests at once, all of them half sent before the first is whole. Whoever keeps them whole needs 2 GB; the
 * memory that a gateway may have is 512 MiB, so that a service with `MemoryMax=512M` lives.
 */
export const largeBodies: Profile = {
  name: "large-bodies",
  about: `${uploads} requests of 10 MB JSON at once, bodies logged, in fresh processes`,
  bars: [
    { subject: "metered", figure: peak, atMost: 536, of: "value" },
    { subject: "logged", figure: peak, atMost: 536, of: "value" },
  ],
  subjects: ["bare", "metered", "logged"],
  async run(bench) {
    const body = longRequest(bodyBytes);
    const subjects = mayLimit() ? bench.subjects.map(limited) : bench.subjects;
    await afresh({ ...bench, subjects }, "large-bodies", async (contender) => {
      await warmUp(contender);
      const request = requestBytes("/pt/sink", contender.key, body);
      await measure(bench, contender, request);
      if (contender.name === "logged") await checkLog(bench, contender);
    });
  },
};

const limit = [
  "systemd-run",
  "--scope",
  "--quiet",
  "-p",
  "MemoryMax=512M",
  "-p",
  "MemorySwapMax=0",
];

/** Whether the kernel can be told: only where systemd runs, and lets us. */
function mayLimit(): boolean {
  if (Bun.which("systemd-run") === null) return false;
  return Bun.spawnSync([...limit, "true"], { stdout: "ignore", stderr: "ignore" }).success;
}

/** `systemd-run --scope` becomes what it starts: the process id is the gateway's. */
function limited(subject: Subject): Subject {
  return {
    ...subject,
    command: (upstreamPort, port) => {
      const command = subject.command(upstreamPort, port);
      return { ...command, argv: [...limit, ...command.argv] };
    },
  };
}

async function measure(bench: Bench, { name, pid, port }: Contender, request: Uint8Array) {
  const before = memory(pid).now;
  resetPeak(pid);
  const half = request.subarray(0, request.length / 2);
  const rest = request.subarray(half.length);
  const open: Connection[] = [];
  for (let at = 0; at < uploads; at++) open.push(await openConnection(port));
  const replies = open.map((connection) => connection.answer({ keep: true }));
  await Promise.all(open.map((connection) => connection.send(half)));
  await Promise.all(open.map((connection) => connection.send(rest)));
  for (const { status, body } of await Promise.all(replies)) {
    const { bytes } = status === 200 ? JSON.parse(body) : { bytes: body };
    if (bytes !== bodyBytes) throw new Error(`answered ${status} and ${bytes}`);
  }
  for (const connection of open) connection.close();
  const { peak: most } = memory(pid);
  bench.figures.add(name, peak, "MB", most / 1e6);
  bench.figures.add(name, "RSS growth", "MB", (most - before) / 1e6);
}

/** Of every body the beginning is in the log, unless memory was short, which is counted. */
async function checkLog(bench: Bench, { name, port }: Contender): Promise<void> {
  await Bun.sleep(2_000); // rows are moved into the ledger once a second
  bench.figures.add(name, "bodies dropped", "", await droppedBodies(port));
  const { data } = await admin(port, "GET", "/spend/logs/v2?page_size=1");
  const [row] = Array.isArray(data) ? data : [];
  const detail = await admin(port, "GET", `/spend/logs/ui/${row?.request_id}`);
  const { request } = detail;
  const isCut = request instanceof Object && "truncated" in request && request.truncated === true;
  if (!isCut)
    throw new Error(
      `the log does not say that the body was cut: ${JSON.stringify(detail).slice(0, 800)}`,
    );
}
