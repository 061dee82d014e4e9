import { writeFileSync } from "node:fs";
import type { Bar, Figures } from "./figures.ts";
import type { Driver } from "./load.ts";
import type { Options } from "./options.ts";
import { strangersKey } from "./payloads.ts";
import { type Running, scratchPath, start } from "./processes.ts";
import { type Subject, type SubjectName, startUpstream } from "./subjects.ts";

/** What a profile gets to work with. */
export interface Bench {
  readonly options: Options;
  readonly subjects: readonly Subject[];
  readonly driver: Driver;
  readonly figures: Figures;
  /** Says what is going on, on stderr. */
  progress(text: string): void;
  /** Notes that a subject failed; it takes no further part in the profile. */
  fault(subject: SubjectName, error: unknown): void;
}

/** One question that the benchmark answers. */
export interface Profile {
  readonly name: string;
  /** What is done, in one line; printed above the figures. */
  readonly about: string;
  readonly bars: readonly Bar[];
  /** Who takes part; without it all whose callers need no key. */
  readonly subjects?: readonly SubjectName[];
  run(bench: Bench): Promise<void>;
}

/** A subject that takes part in a round. */
export interface Contender extends Running {
  readonly name: SubjectName;
  /** What its callers show. */
  readonly key: string;
  /** The same in a file: a key a line, sent in turn. */
  readonly keysFile: string;
}

/** All subjects running beside one upstream; disposing ends them all. */
export interface Field extends AsyncDisposable {
  readonly upstream: Contender;
  readonly contenders: readonly Contender[];
}

/** Starts the upstream and every subject that starts. */
export async function startField(bench: Bench): Promise<Field> {
  const upstream = withKey(await startUpstream(), "direct", strangersKey);
  const contenders: Contender[] = [];
  for (const subject of bench.subjects) {
    await attempt(bench, subject.name, async () => {
      contenders.push(await startContender(subject, upstream.port));
    });
  }
  return {
    upstream,
    contenders,
    async [Symbol.asyncDispose]() {
      for (const each of [...contenders, upstream]) await each[Symbol.asyncDispose]();
    },
  };
}

/** Drives the contenders in turn, round after round (A B C A B C …); one that fails is left out of the rest. */
export async function inTurn(
  bench: Bench,
  contenders: readonly Contender[],
  what: string,
  measure: (contender: Contender, round: number) => Promise<void>,
): Promise<void> {
  const failed = new Set<SubjectName>();
  for (let round = 1; round <= bench.options.rounds; round++) {
    for (const contender of contenders) {
      if (failed.has(contender.name)) continue;
      bench.progress(`${what}, round ${round}/${bench.options.rounds}: ${contender.name}`);
      const done = await attempt(bench, contender.name, () => measure(contender, round));
      if (!done) failed.add(contender.name);
    }
  }
}

/** Does something with each contender, once; what fails is a fault of its own. */
export async function attemptAll(
  bench: Bench,
  contenders: readonly Contender[],
  work: (contender: Contender) => Promise<void>,
): Promise<void> {
  for (const contender of contenders) {
    await attempt(bench, contender.name, () => work(contender));
  }
}

/** One round a process: each contender starts afresh, alone beside the upstream, for figures of memory. */
export async function afresh(
  bench: Bench,
  what: string,
  measure: (contender: Contender, upstream: Running) => Promise<void>,
): Promise<void> {
  await using upstream = await startUpstream();
  const failed = new Set<SubjectName>();
  for (let round = 1; round <= bench.options.memoryRounds; round++) {
    for (const subject of bench.subjects) {
      if (failed.has(subject.name)) continue;
      bench.progress(`${what}, round ${round}/${bench.options.memoryRounds}: ${subject.name}`);
      const done = await attempt(bench, subject.name, async () => {
        await using contender = await startContender(subject, upstream.port);
        await measure(contender, upstream);
      });
      if (!done) failed.add(subject.name);
    }
  }
}

async function startContender(subject: Subject, upstreamPort: number): Promise<Contender> {
  const running = await start(subject.command(upstreamPort, null));
  const key = subject.makeKey === undefined ? strangersKey : await subject.makeKey(running);
  return withKey(running, subject.name, key);
}

function withKey(running: Running, name: SubjectName, key: string): Contender {
  const keysFile = scratchPath("keys.txt");
  writeFileSync(keysFile, `${key}\n`);
  return { ...running, name, key, keysFile };
}

async function attempt(
  bench: Bench,
  subject: SubjectName,
  work: () => Promise<void>,
): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    bench.fault(subject, error);
    return false;
  }
}
