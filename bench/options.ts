import { parseArgs } from "node:util";

/** What the command line asked for. */
export interface Options {
  /** Names of profiles; none = all. */
  readonly profiles: readonly string[];
  /** Names of subjects beside `bare`; none = all. */
  readonly subjects: readonly string[];
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly rounds: number;
  /** Rounds of profiles that start each subject afresh; fewer in a quick run. */
  readonly memoryRounds: number;
  /** Fewer and shorter rounds, fewer samples; never smaller sizes than a bar names. */
  readonly quick: boolean;
  readonly bin: string | null;
  readonly json: string | null;
}

/** Printed for `--help`, and after a wrong argument. */
export const usage = `bun run bench [profile…] [--seconds N] [--rounds N] [--bin PATH] [--quick] [--subjects a,b] [--json FILE]`;

/** Reads the command line; throws with a message on what it does not know. */
export function readOptions(argv: string[]): Options {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      seconds: { type: "string" },
      rounds: { type: "string" },
      bin: { type: "string" },
      subjects: { type: "string" },
      json: { type: "string" },
      quick: { type: "boolean", default: false },
    },
  });
  const { quick } = values;
  const rounds = positive("rounds", values.rounds, quick ? 3 : 5);
  return {
    profiles: positionals,
    subjects: values.subjects?.split(",") ?? [],
    seconds: positive("seconds", values.seconds, quick ? 2 : 5),
    warmUpSeconds: quick ? 1 : 3,
    rounds,
    memoryRounds: quick ? 1 : rounds,
    quick,
    bin: values.bin ?? null,
    json: values.json ?? null,
  };
}

function positive(name: string, text: string | undefined, fallback: number): number {
  const value = text === undefined ? fallback : Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`--${name} wants a whole number above 0, not ${text}`);
}
