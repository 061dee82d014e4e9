import { expect, test } from "bun:test";
import { openSync } from "node:fs";
import { Elysia } from "elysia";
import { adminRequest, trustedAdmin } from "./trusted-admin.ts";
import { errors } from "../../src/http/errors.ts";
import { operations } from "../../src/http/operations.ts";
import { createLog } from "../../src/logging/log.ts";
import { createReloader } from "../../src/reloader.ts";

const secret = "canary-0123456789abcdef";

const yaml = (...endpoints: readonly string[]) =>
  `general_settings:\n  pass_through_endpoints:\n${endpoints.map((one) => `    - { ${one} }\n`).join("")}`;

const before = yaml(
  'path: /a, target: "https://a.example"',
  'path: /b, target: "https://b.example", auth: false',
);
const after = yaml(
  `path: /b, target: "https://b.example", auth: false, headers: { X-Key: ${secret} }`,
  'path: /c, target: "https://c.example", auth: false, alerting: []',
);

/** The operations over a reloader whose config is what `text` says at that moment. */
function start() {
  const config = { text: before };
  const source = { file: "config.yaml", watched: null, read: () => config.text };
  const surroundings = {
    env: {},
    addresses: ["127.0.0.1"],
    port: 4000,
    sampleUrl: () => "http://127.0.0.1:9",
    keys: { find: () => null, team: () => null },
  };
  const log = createLog(openSync("/dev/null", "w"), { level: "error", pretty: false });
  const reloader = createReloader(source, surroundings, log);
  const admin = trustedAdmin();
  const served = () => reloader.current().rules.routes.all.map(({ id }) => id);
  const own = {
    inFlight: () => 0,
    uncaught: () => 0,
    dropped: () => 0,
    droppedRows: () => 0,
    droppedBodies: () => 0,
    reload: (reason: string) => ({ faults: reloader.reload(reason), routes: served().length }),
    preview: reloader.preview,
  };
  const app = new Elysia().use(errors(() => {})).use(operations(admin.deps, own));
  return {
    config,
    served,
    trail: () => admin.deps.book.audit.list({}, { page: 1, size: 10 }).items,
    post: async (path: string) => {
      const reply = await app.handle(adminRequest("POST", path));
      const text = await reply.text();
      return { status: reply.status, text, body: JSON.parse(text) };
    },
    [Symbol.dispose]: () => admin[Symbol.dispose](),
  };
}

test("a dry run tells what a reload would change, and changes nothing", async () => {
  using given = start();
  const nothing = { added: [], changed: [], removed: [] };
  expect((await given.post("/config/reload?dry_run=true")).body).toEqual({
    dry_run: true,
    can_reload: true,
    faults: [],
    warnings: [],
    ...nothing,
  });

  given.config.text = after;
  const { status, body, text } = await given.post("/config/reload?dry_run=true");

  expect([status, body]).toEqual([
    200,
    {
      dry_run: true,
      can_reload: true,
      faults: [],
      warnings: [expect.stringContaining("[0].auth: "), expect.stringContaining("alerting: ")],
      added: ["/c"],
      changed: [expect.stringMatching(/^\/b \(.*headers.*\)$/)],
      removed: ["/a"],
    },
  ]);
  expect(text).not.toContain(secret);
  expect([given.served(), given.trail()]).toEqual([["/a", "/b"], []]);
});

test("what it told is what the reload then does", async () => {
  using given = start();
  given.config.text = after;
  await given.post("/config/reload?dry_run=true");

  const { body } = await given.post("/config/reload");

  expect(body).toEqual({ reloaded: true, routes: 2 });
  expect([given.served(), given.trail().length]).toEqual([["/b", "/c"], 1]);
  const { body: again } = await given.post("/config/reload?dry_run=true");
  expect(again).toMatchObject({ warnings: [], added: [], changed: [], removed: [] });
});

test("faults are told under 200: the reload itself refuses them", async () => {
  using given = start();
  given.config.text = yaml("path: /a");

  const dry = await given.post("/config/reload?dry_run=true");
  const real = await given.post("/config/reload?dry_run=false");

  expect([dry.status, dry.body.can_reload, dry.body.added, dry.body.removed]).toEqual([
    200,
    false,
    [],
    [],
  ]);
  expect(dry.body.faults).toEqual([expect.stringContaining("target")]);
  expect([real.status, real.body.faults]).toEqual([422, dry.body.faults]);
  expect((await given.post("/config/reload?dry_run=perhaps")).status).toBe(400);
  expect(given.served()).toEqual(["/a", "/b"]);
});
