import { expect, test } from "bun:test";
import { Elysia } from "elysia";
import { KeyDigester } from "../../src/core/key.ts";
import { openEndpointBook } from "../../src/endpoints/endpoint-book.ts";
import { endpoints } from "../../src/http/endpoints.ts";
import { errors } from "../../src/http/errors.ts";
import { createFailedAttempts } from "../../src/http/failed-attempts.ts";
import { openKeyBook } from "../../src/keys/key-book.ts";
import { openSealing } from "../../src/keys/sealer.ts";
import { openKeyStore } from "../../src/storage/sqlite/key-store.ts";
import { temporaryFolder } from "../process/program.ts";
import { base } from "./endpoints-house.ts";

/** The API over a real store, where names below `inside.example` lead to addresses that are not public. */
function startApi() {
  const folder = temporaryFolder();
  const store = openKeyStore(folder.file("tollgate.db"));
  const book = openKeyBook({ store, digester: new KeyDigester("pepper of this test") });
  const sealing = openSealing(folder.file(""), {
    TOLLGATE_SALT_KEY: "a-salt-key-of-this-test-0123",
  });
  const audit = (entry: Parameters<typeof book.audit.record>[0]) => book.audit.record(entry);
  const kept = openEndpointBook({ store, sealing, audit, prepare: () => () => {} });
  const asked: string[] = [];
  const admin = {
    rules: () => {
      throw new Error("nobody asks for rules");
    },
    adminHosts: () => new Set<string>(),
    entrance: {
      addressOf: () => "",
      onLoopback: true,
      isTls: false,
      hold: () => {},
      release: () => {},
    },
    book,
    standings: { standing: () => ({ spentNanoUsd: 0, heldNanoUsd: 0, periodStart: 0 }) },
    adjust: () => {},
    masterKey: () => null,
    failures: createFailedAttempts(),
    sessions: null,
    trusted: "test",
  };
  const own = {
    endpoints: kept,
    configured: () => [],
    formatNames: [],
    checkTarget: async (target: string) => {
      asked.push(target);
      return target.includes("inside.example") ? "its name leads to 10.0.0.1." : null;
    },
  };
  const app = new Elysia({ strictPath: true })
    .use(errors((error) => asked.push(error.message)))
    .use(endpoints(admin, own));
  return {
    asked,
    kept,
    async post(path: string, body: object) {
      const reply = await app.handle(
        new Request(`http://localhost${path}`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(body),
        }),
      );
      return { status: reply.status, text: await reply.text() };
    },
    [Symbol.dispose]() {
      book.close();
      folder[Symbol.dispose]();
    },
  };
}

test("a name that leads inside is refused before anything is kept", async () => {
  using api = startApi();
  const { id } = api.kept.create(null, { path: "/x", target: "https://up.example/" }, "test");
  const target = "https://a.inside.example/";

  const replies = [
    await api.post(base, { path: "/y", target }),
    await api.post(`${base}?dry_run=true`, { path: "/y", target }),
    await api.post(`${base}/${id}`, { target }),
    await api.post(`${base}/${id}?dry_run=true`, { target }),
  ];

  expect(replies.map(({ status }) => status)).toEqual([400, 400, 400, 400]);
  for (const { text } of replies) expect(text).toContain("target: its name leads to 10.0.0.1.");
  expect(api.kept.all().map(({ version, settings }) => [version, settings["target"]])).toEqual([
    [1, "https://up.example/"],
  ]);
});

test("a target is looked up where it is new, and only there", async () => {
  using api = startApi();
  const target = "https://up.example/?key=a-secret-of-a-query";
  const { id } = api.kept.create(null, { path: "/x", target }, "test");

  const replies = [
    await api.post(`${base}/${id}`, { timeout: 5 }),
    await api.post(`${base}/${id}`, { target: "https://up.example/?key=********uery" }),
    await api.post(`${base}/${id}`, { target }),
    await api.post(`${base}/${id}`, { target: "https://other.example/" }),
    await api.post(base, { path: 5, target: "https://faulty.example/" }),
  ];

  expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200, 400]);
  expect(api.asked).toEqual(["https://other.example/", "https://faulty.example/"]);
});
