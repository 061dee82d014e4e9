import { expect } from "bun:test";
import { readFileSync } from "node:fs";
import { headerValues } from "../helpers/http1.ts";
import { rawRequest } from "../helpers/raw-client.ts";
import { reply, startRawUpstream } from "../helpers/raw-upstream.ts";
import type { RawUpstream, RecordedRequest, Script } from "../helpers/raw-upstream.ts";
import { providerKeys, virtualKey, type Exchange, type Row } from "./row.ts";

/** The two upstreams of all rows; what the first answers is set for each row. */
export interface Upstreams extends Disposable {
  readonly first: RawUpstream;
  readonly second: RawUpstream;
  answer(script: Script | undefined): void;
}

const plain: Script = [
  { read: "body" },
  reply("HTTP/1.1 200 OK", ["Content-Type: application/json"], "{}"),
];

export async function startUpstreams(): Promise<Upstreams> {
  let script = plain;
  const first = await startRawUpstream({
    early: true,
    fallback: (request) => (typeof script === "function" ? script(request) : script),
  });
  const second = await startRawUpstream();
  return {
    first,
    second,
    answer: (next) => (script = next ?? plain),
    [Symbol.dispose]() {
      first[Symbol.dispose]();
      second[Symbol.dispose]();
    },
  };
}

/** A server under test: a gateway, or nginx beside it. */
export interface Subject {
  readonly port: number;
  readonly pid: number;
}

/** Runs one row and looks at both ends. */
export async function exchange(subject: Subject, { first, second, answer }: Upstreams, row: Row) {
  const before = { first: first.requests.length, second: second.requests.length };
  const cpu = cpuMs(subject.pid);
  answer(row.script);
  const answered = await rawRequest(subject.port, row.send, row.options);
  await settled(first.requests.slice(before.first));
  return {
    reply: answered,
    sent: first.requests.slice(before.first),
    sentOther: second.requests.slice(before.second),
    cpuMs: cpuMs(subject.pid) - cpu,
  } satisfies Exchange;
}

/** What reached the upstream may still be on its way when the client has its answer, or its refusal. */
async function settled(sent: readonly RecordedRequest[]) {
  for (let waited = 0; waited < 100; waited += 5) {
    await Bun.sleep(5);
    if (sent.every((request) => request.ended() !== "open")) return;
  }
}

/** User and system time of a process in steps of 10 ms; 0 where there is no /proc. */
function cpuMs(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /, "")
      .split(" ");
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return 0;
  }
}

/** What holds for every row, whatever it is about: no escape, no failure from input, one framing. */
export function checkInvariants(
  { sent, sentOther, reply: answered }: Exchange,
  row: Row,
  upstreams: Upstreams,
) {
  if (!row.silent) expect(answered.status).toBeGreaterThanOrEqual(200);
  if (!row.relays500) expect(answered.status).not.toBe(500);
  if (row.script === undefined) expect(isServerFault(answered.status)).toBe(false);
  for (const { status, values } of answered.responses) {
    const framings = values("content-length").length + values("transfer-encoding").length;
    if (status >= 200 && status !== 204 && status !== 304) expect(framings).toBeLessThanOrEqual(1);
  }
  for (const request of sent) checkPlace(request, "/base", upstreams.first.port);
  for (const request of sentOther) checkPlace(request, "/other", upstreams.second.port);
}

/** A client's bytes alone may at most be not implemented, or of another version. */
export function isServerFault(status: number): boolean {
  return status >= 500 && status !== 501 && status !== 505;
}

/** On a segment boundary under the target's path, for the target's host. */
function checkPlace(request: RecordedRequest, base: string, port: number) {
  expect(request.requestLine).toMatch(new RegExp(`^[A-Z]+ ${base}([/?][^ ]*)? HTTP/1\\.1$`));
  expect(headerValues(request.headerLines, "host")).toEqual([`127.0.0.1:${port}`]);
}

/** The route's own provider key, no other, and no key of the gateway. */
export function checkKeys({ sent, sentOther }: Exchange) {
  for (const request of [...sent, ...sentOther]) {
    const raw = request.raw().toString("latin1");
    const key = keyOf(request.target);
    expect(headerValues(request.headerLines, "x-api-key")).toEqual(key.header);
    for (const other of Object.values(providerKeys)) {
      if (other !== key.any) expect(raw).not.toContain(other);
    }
    expect(raw).not.toContain(virtualKey);
  }
}

function keyOf(target: string): { header: string[]; any: string | null } {
  if (target.startsWith("/other")) return { header: [providerKeys.pt2], any: providerKeys.pt2 };
  if (/^\/base\/open([/?]|$)/.test(target)) return { header: [], any: null };
  if (/^\/base\/qk([/?]|$)/.test(target)) return { header: [], any: providerKeys.qk };
  return { header: [providerKeys.pt], any: providerKeys.pt };
}
