import { tmpdir } from "node:os";
import { startGateway, type GatewayOptions, type LogLine } from "../helpers/gateway.ts";
import { startRawUpstream, type RecordedRequest, type Script } from "../helpers/raw-upstream.ts";

/** What a client's process said. */
export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a client to its end, at most 20 s, with nothing in its environment but what is given. */
export async function outcomeOf(
  command: readonly string[],
  env: Record<string, string> = {},
): Promise<Outcome> {
  const child = Bun.spawn([...command], {
    cwd: tmpdir(),
    env: { PATH: process.env["PATH"], ...env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    timeout: 20_000,
    killSignal: "SIGKILL",
  });
  const [exitCode, stdout, stderr] = await Promise.all([
    child.exited,
    child.stdout.text(),
    child.stderr.text(),
  ]);
  return { exitCode, stdout, stderr };
}

export interface Setup extends Pick<GatewayOptions, "env" | "args"> {
  /** The gateway's config, for the upstream's URL. */
  readonly config: (upstreamUrl: string) => string;
  /** What the upstream answers, to either. */
  readonly answer: Script;
}

/** One way of a client's call: what the client said, and what reached the upstream. */
export interface Way {
  readonly outcome: Outcome;
  readonly requests: readonly RecordedRequest[];
}

export interface BothWays {
  readonly direct: Way;
  readonly relayed: Way;
  readonly lines: readonly LogLine[];
}

/** Runs a client against an upstream and, at the same time, through a gateway to another like it. */
export async function bothWays(
  setup: Setup,
  client: (port: number, way: "direct" | "relayed") => Promise<Outcome>,
): Promise<BothWays> {
  using upstream = await startRawUpstream({ fallback: setup.answer });
  const [outcome, { lines, ...relayed }] = await Promise.all([
    client(upstream.port, "direct"),
    throughGateway(setup, (port) => client(port, "relayed")),
  ]);
  return { direct: { outcome, requests: upstream.requests }, relayed, lines };
}

/** Runs a client against a gateway alone. */
export async function throughGateway(
  { config, answer, ...options }: Setup,
  client: (port: number) => Promise<Outcome>,
): Promise<Way & Pick<BothWays, "lines">> {
  using upstream = await startRawUpstream({ fallback: answer });
  await using gateway = await startGateway(config(upstream.url), options);
  const outcome = await client(gateway.port);
  return { outcome, requests: upstream.requests, lines: gateway.lines() };
}

/** All that reached the upstream through the gateway, to look for what must not be there. */
export function sentText({ relayed }: BothWays): string {
  return relayed.requests.map((request) => request.raw().toString("latin1")).join("\n");
}
