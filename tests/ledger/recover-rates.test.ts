import { expect, test, describe } from "bun:test";
import { everybody } from "../../src/core/journal.ts";
import { bootMs } from "../../src/ledger/boot-clock.ts";
import { tickNow } from "../../src/ledger/rate-window.ts";
import { recover } from "../../src/ledger/recover.ts";
import { TallyBook } from "../../src/ledger/tally.ts";
import { callRow, openEntry, rowEntry, tempFolder } from "./parts.ts";
import { writeSegment } from "./segments.ts";

const scopes = ["key:k", "team:t", "route:/search", everybody];
const notFolded = () => 0;
const call = (id: string, costNanoUsd: number) =>
  callRow(id, { keyId: "k", teamId: "t", costNanoUsd });

function emptyBook(): TallyBook {
  return new TallyBook(() => null);
}

describe("rates", () => {
  const counted = [
    ["a second ago", 1_000, 1_000, 1],
    ["59 s ago", 59_000, 59_000, 1],
    ["60.5 s ago", 60_500, 60_500, 1],
    ["64 s ago", 64_000, 64_000, 0],
    ["an hour ago", 3_600_000, 3_600_000, 0],
    ["30 s ago, and the clock was put back an hour", 30_000, -3_570_000, 1],
    ["30 s ago, and the clock was put forward an hour", 30_000, 3_630_000, 1],
    ["30 s ago, before the machine was started anew", -1e9, 30_000, 1],
    ["an hour ago, before the machine was started anew", -1e9, 3_600_000, 0],
  ] as const;

  test.each(counted)("a call that was sent %s", (_, bootAge, wallAge, times) => {
    using folder = tempFolder();
    const row = { ...call("a", 1), startedAt: Date.now() - wallAge };
    const open = openEntry(row, { bootMs: bootMs() - bootAge, tokens: 40, modelScopes: ["m"] });
    const book = emptyBook();

    recover([writeSegment(folder.path, 1, [open, rowEntry(row, ["m"])])], () => 1e9, book); // folded, and counted all the same

    const tick = tickNow();
    for (const scope of [...scopes, "m"]) {
      expect(book.of(scope).requestWindow(tick).used(tick)).toBe(times);
      expect(book.of(scope).tokenWindow(tick).used(tick)).toBe(times * 40);
    }
  });

  test("are forgotten when their minute is over", () => {
    using folder = tempFolder();
    const row = { ...call("a", 1), startedAt: Date.now() - 50_000 };
    const open = openEntry(row, { bootMs: bootMs() - 50_000 });
    const book = emptyBook();

    recover([writeSegment(folder.path, 1, [open])], notFolded, book);

    const window = book.of("key:k").requestWindow(tickNow());
    expect(window.used(tickNow())).toBe(1);
    expect(window.used(tickNow() + 2 * 13)).toBe(0);
  });
});
