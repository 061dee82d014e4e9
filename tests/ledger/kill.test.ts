import { expect, test } from "bun:test";
import { join } from "node:path";
import { recover } from "../../src/ledger/recover.ts";
import { listSegments } from "../../src/ledger/segments.ts";
import { TallyBook } from "../../src/ledger/tally.ts";
import { idsOf } from "./open-journal.ts";
import { between, seeded, tempFolder } from "./parts.ts";

const rounds = 20;

test("what was written when a process is killed is there, each record once", async () => {
  using folder = tempFolder();
  const random = seeded(42);
  const script = join(import.meta.dir, "append-until-killed.ts");
  const told: string[] = [];
  for (let round = 0; round < rounds; round++) {
    const child = Bun.spawn([process.execPath, script, folder.path, String(round)], {
      stdout: "pipe",
      stderr: "inherit",
    });
    const reading = linesOf(child.stdout, between(random, 1, 5_000), () => child.kill("SIGKILL"));
    told.push(...(await reading));
    await child.exited;
    expect(child.signalCode).toBe("SIGKILL");
  }

  const lost = recover(listSegments(folder.path), () => 0, new TallyBook(() => null));
  const kept = idsOf(folder.path);
  const seen = new Set(kept);

  expect(told.length).toBeGreaterThan(rounds);
  expect(seen.size).toBe(kept.length);
  expect(told.filter((id) => !seen.has(id))).toEqual([]);
  const open = kept.filter((id) => id.startsWith("open ")).map((id) => id.slice(5));
  expect(lost.map(({ row }) => row.id)).toEqual(open.filter((id) => !seen.has(id)));
});

/** Whole lines until the stream ends; `enough` is called after so many of them. */
async function linesOf(
  stream: ReadableStream<Uint8Array>,
  count: number,
  enough: () => void,
): Promise<string[]> {
  const decoder = new TextDecoder();
  const lines: string[] = [];
  let rest = "";
  let isCalled = false;
  for await (const chunk of stream) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = parts.pop() ?? "";
    lines.push(...parts);
    if (lines.length < count || isCalled) continue;
    isCalled = true;
    enough();
  }
  return lines;
}
