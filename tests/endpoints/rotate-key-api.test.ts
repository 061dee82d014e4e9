import { expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { Elysia } from "elysia";
import { rotateKeyCommand } from "../../src/cli/rotate-key.ts";
import type { GatewayError } from "../../src/core/errors.ts";
import { KeyDigester } from "../../src/core/key.ts";
import type { AdminDeps } from "../../src/http/admin-auth.ts";
import { errors } from "../../src/http/errors.ts";
import { createFailedAttempts } from "../../src/http/failed-attempts.ts";
import { rotateKey } from "../../src/http/rotate-key.ts";
import { causeText } from "../../src/logging/cause-text.ts";
import { openKeyBook } from "../../src/keys/key-book.ts";
import { rotateSaltKey } from "../../src/keys/rotate-salt-key.ts";
import { claimDataDirectory, releaseDataDirectory } from "../../src/process/data-directory.ts";
import { build } from "../config/load.ts";
import { runTollgate } from "../helpers/gateway.ts";
import { type Options, secretSettings, testBooks } from "./book.ts";

const masterKey = "sk-master-key-of-this-test";

/** The plugin over a data directory with one endpoint; `trusted` is who comes in. */
function startApi(trusted: string | null, options: Options = {}) {
  const place = testBooks(options);
  const opened = place.open();
  opened.book.create("x", secretSettings, "me");
  const rules = build(`general_settings:\n  master_key: ${masterKey}\n`).runtime?.rules;
  if (rules === undefined) throw new Error("a config with faults");
  const admin: AdminDeps = {
    rules: () => rules,
    adminHosts: () => new Set(),
    entrance: {
      addressOf: () => "127.0.0.1",
      onLoopback: true,
      isTls: false,
      hold: () => {},
      release: () => {},
    },
    book: openKeyBook({ store: opened.store, digester: new KeyDigester("of this test") }),
    standings: { standing: () => ({ spentNanoUsd: 0, heldNanoUsd: 0, periodStart: 0 }) },
    adjust: () => {},
    masterKey: () => rules.keys.masterKey,
    failures: createFailedAttempts(),
    sessions: null,
    trusted,
  };
  const failures: GatewayError[] = [];
  const { store, sealing, book } = opened;
  const reseal = (actor: string) => book.reseal(actor);
  const app = new Elysia({ strictPath: true })
    .use(errors((error) => failures.push(error)))
    .use(rotateKey(admin, (actor) => rotateSaltKey({ store, sealing, reseal }, actor)));
  const post = async (key: string | null) => {
    const headers = { host: "localhost", ...(key === null ? {} : { authorization: key }) };
    const url = "http://localhost/config/rotate_key";
    const response = await app.handle(new Request(url, { method: "POST", headers }));
    return { status: response.status, body: await response.json() };
  };
  return { ...opened, place, admin, app, failures, post, [Symbol.dispose]: place[Symbol.dispose] };
}

test("an admin rotates the key and reads what was done; the audit log says who", async () => {
  using api = startApi(null);

  const reply = await api.post(`Bearer ${masterKey}`);

  expect(reply).toEqual({
    status: 200,
    body: { resealed: 5, kid: api.sealing.sealer().kid, lines: 2 },
  });
  expect(api.entries()[0]).toMatchObject({ action: "salt_key.rotate", actor: "master key" });
});

test("nobody else does: no key, a wrong one, a caller's", async () => {
  using api = startApi(null);
  const { key } = api.admin.book.create({}, null, "me");

  const replies = [
    await api.post(null),
    await api.post("Bearer sk-wrong-key-of-somebody"),
    await api.post(`Bearer ${key}`),
  ];

  expect(replies.map(({ status }) => status)).toEqual([401, 401, 403]);
  expect(api.place.lines()).toHaveLength(1);
});

test("a salt key that is not ours to write is refused with what to do", async () => {
  using api = startApi(null, { env: { TOLLGATE_SALT_KEY: "one" } });

  const { status, body } = await api.post(`Bearer ${masterKey}`);

  expect(status).toBe(400);
  expect(JSON.stringify(body)).toContain("add a line to it");
});

test("the command asks the gateway that has the data directory", async () => {
  using api = startApi("command line");
  const { directory } = api.place;
  claimDataDirectory({ dataDirectory: directory, port: 0, takeover: false });
  const unix = `${directory}/control.sock`;
  const server = Bun.serve({ unix, fetch: (request) => api.app.fetch(request) });
  const said: string[] = [];
  const write = process.stdout.write;
  process.stdout.write = (text: string | Uint8Array) => said.push(String(text)) > 0;
  try {
    const values = new Map([["data-dir", directory]]);
    expect(await rotateKeyCommand.run({ values, warnings: [] }, [])).toBe(0);
  } finally {
    process.stdout.write = write;
    await server.stop(true);
    releaseDataDirectory(directory);
  }

  expect(said.join("")).toBe(
    `Sealed 5 secrets anew, under the key ${api.sealing.sealer().kid}. The salt key has 2 lines now: a backup of it from before cannot open them.\n`,
  );
  expect(api.entries()[0]).toMatchObject({ actor: "command line" });
});

test("a salt key that cannot be used is told of with what to do, without a stack", async () => {
  using api = startApi(null);
  writeFileSync(api.place.saltKey, "");

  const { status, body } = await api.post(`Bearer ${masterKey}`);

  expect(status).toBe(500);
  expect(body).toMatchObject({
    error: { type: "store_failed", message: expect.stringContaining("salt_key") },
  });
  expect(api.failures.map(({ cause }) => causeText(cause)).join()).not.toContain("    at ");
  expect(api.entries()[0]?.action).toBe("endpoint.create");
});

test("so is it on the command line, where no gateway runs", async () => {
  using place = testBooks();
  place.open().book.create("x", secretSettings, "me");
  const config = `${place.directory}/config.yaml`;
  await Bun.write(config, "general_settings: {}\n");
  mkdirSync(`${place.saltKey}.new/x`, { recursive: true }); // which no file can take the place of

  const at = ["--data-dir", place.directory, "--config", config];
  const { code, stdout, stderr } = await runTollgate(["rotate-key", ...at]);

  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toContain("salt_key");
  expect(stderr.trim().split("\n").length).toBe(1); // told once
  expect(stderr).not.toContain("    at ");
});
