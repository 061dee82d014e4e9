import { expect, test } from "bun:test";
import { connect } from "node:net";
import { Elysia } from "elysia";
import type { SpendReader } from "../../src/core/spend.ts";
import type { AdminDeps } from "../../src/http/admin-auth.ts";
import { createFailedAttempts } from "../../src/http/failed-attempts.ts";
import { logExport } from "../../src/http/log-export.ts";
import { ledgerMigrations } from "../../src/storage/sqlite/ledger-schema.ts";
import { ledgerOn } from "../../src/storage/sqlite/ledger-store.ts";
import { openDatabase } from "../../src/storage/sqlite/open.ts";
import { testBook } from "../keys/book.ts";
import { temporaryFolder, until } from "../process/program.ts";
import { manyRows } from "../storage/ledger-samples.ts";

/** 5,000 calls of 8 KB: more than any socket holds. */
const rows = manyRows(5_000).map((row) => ({
  ...row,
  startedAt: row.startedAt - 365 * 86_400_000,
  metadata: JSON.stringify({ note: "x".repeat(8_000) }),
}));

/** The export over a real ledger, on a socket of its own; counts what is asked of the ledger. */
function start(damage: { fails: boolean } = { fails: false }) {
  const folder = temporaryFolder();
  const keys = testBook();
  const ledger = ledgerOn(openDatabase(folder.file("ledger.db"), ledgerMigrations));
  const entries = rows.map((row) => ({ kind: "row", row, modelScopes: [] }) as const);
  ledger.fold("s", 0, 1, entries);
  const counts = { scans: 0, held: 0 };
  const reader: SpendReader = {
    rows: async (...question) => ledger.rows(...question),
    scan: async (...question) => {
      counts.scans += 1;
      if (damage.fails && counts.scans > 1) throw new Error("the disk is gone");
      return ledger.scan(...question);
    },
    sums: async (...question) => ledger.sums(...question),
    tagSums: async (...question) => ledger.tagSums(...question),
    latencies: async (...question) => ledger.latencies(...question),
    refusals: async (...question) => ledger.refusals(...question),
  };
  const admin: AdminDeps = {
    rules: () => {
      throw new Error("nobody asks for rules");
    },
    adminHosts: () => new Set(),
    entrance: {
      addressOf: () => "",
      onLoopback: true,
      isTls: false,
      hold: () => (counts.held = 1),
      release: () => (counts.held = 0),
    },
    book: keys.book,
    standings: { standing: () => ({ spentNanoUsd: 0, heldNanoUsd: 0, periodStart: 0 }) },
    adjust: () => {},
    masterKey: () => null,
    failures: createFailedAttempts(),
    sessions: null,
    trusted: "test",
  };
  const app = new Elysia({ strictPath: true }).use(logExport(admin, reader, null));
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: (request) => app.fetch(request),
  });
  return {
    url: `http://127.0.0.1:${server.port}/spend/logs/export`,
    port: Number(server.port),
    counts,
    async [Symbol.asyncDispose]() {
      await server.stop(true);
      ledger.close();
      keys[Symbol.dispose]();
      folder[Symbol.dispose]();
    },
  };
}

test("who does not read is not read for, and who leaves is forgotten", async () => {
  await using given = start();
  const socket = connect(given.port, "127.0.0.1");
  socket.on("error", () => {});
  socket.pause();
  socket.write("GET /spend/logs/export HTTP/1.1\r\nHost: localhost\r\n\r\n");
  await until(() => given.counts.scans > 0);
  await Bun.sleep(600);
  const whileWaiting = given.counts.scans;
  expect(given.counts.held).toBe(1);

  socket.destroy();
  await until(() => given.counts.held === 0);
  await Bun.sleep(200);

  expect(whileWaiting).toBeLessThanOrEqual(3);
  expect(given.counts.scans - whileWaiting).toBeLessThanOrEqual(1);
});

test("who reads slowly gets all of it in the end, and the connection its time limit back", async () => {
  await using given = start();

  const reply = await fetch(given.url);
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of reply.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (Math.random() < 0.02) await Bun.sleep(2);
  }

  expect(text.split("\n")).toHaveLength(rows.length + 1);
  expect(given.counts).toEqual({ scans: 21, held: 0 });
});

test("an export that cannot go on breaks off, and does not look whole", async () => {
  await using given = start({ fails: true });

  const reply = await fetch(given.url);
  const read = reply.text();

  expect(reply.status).toBe(200);
  expect(read).rejects.toThrow();
  await read.catch(() => {});
  expect(given.counts.held).toBe(0);
});
