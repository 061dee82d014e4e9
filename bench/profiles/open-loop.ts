import { checkLedger } from "../ledger-check.ts";
import { runOpenLoop } from "../load.ts";
import { attemptAll, type Contender, inTurn, type Profile, startField } from "../profile.ts";

const added = "added p99";
const path = "/pt/json-1k";
const connections = 64;
const rate = 1_000;

/**
 * What keys, limits and the ledger add to a reply's time at a rate that is far from the limit: against the same
 * gateway, with none of it asked for, in the same round. Wants a quiet machine more than any other profile.
 */
export const openLoop: Profile = {
  name: "latency-1000",
  about: `POST of 1 KB JSON at ${rate}/s, sent on time whatever comes back; added = p99 − p99 of tollgate in the same round`,
  bars: [{ subject: "governed", figure: added, atMost: 0.3, of: "value" }],
  subjects: ["bare", "tollgate", "governed"],
  async run(bench) {
    await using field = await startField(bench);
    const { warmUpSeconds, seconds, rounds } = bench.options;
    const drive = ({ port, keysFile }: Contender, forSeconds: number) =>
      runOpenLoop({ port, path, keysFile, connections, seconds: forSeconds }, rate);
    await attemptAll(
      bench,
      field.contenders,
      async (each) => void (await drive(each, warmUpSeconds)),
    );
    let openP99 = NaN;
    await inTurn(bench, field.contenders, "latency-1000", async (contender) => {
      const { name } = contender;
      const { errors, requests, p50Ms, p99Ms } = await drive(contender, seconds);
      if (errors > 0) throw new Error(`${errors} of ${requests + errors} requests failed`);
      bench.figures.add(name, "p50", "ms", p50Ms);
      bench.figures.add(name, "p99", "ms", p99Ms);
      if (name === "tollgate") openP99 = p99Ms;
      if (name === "governed") bench.figures.add(name, added, "ms", p99Ms - openP99);
    });
    const counted = rate * (warmUpSeconds + rounds * seconds);
    await attemptAll(bench, field.contenders, async (contender) => {
      if (contender.name === "governed")
        await checkLedger(bench, contender, { counted, cutOff: 0 });
    });
  },
};
