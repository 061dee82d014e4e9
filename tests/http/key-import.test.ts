import { expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { startGateway } from "../helpers/gateway.ts";
import { masterKey } from "./admin-app.ts";

const yaml = `general_settings:
  master_key: ${masterKey}
  pass_through_endpoints:
    - { path: /echo, target: "tollgate://sample", auth: true }
`;

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

async function start() {
  const gateway = await startGateway(yaml);
  const headers = { authorization: `Bearer ${masterKey}`, "content-type": "application/json" };
  const send = async (path: string, body: string) => {
    const reply = await fetch(gateway.url + path, { method: "POST", headers, body });
    return { status: reply.status, body: await objectIn(reply) };
  };
  return {
    url: gateway.url,
    send,
    importAll: (rows: readonly object[], query = "") =>
      send(`/key/import${query}`, rows.map((row) => JSON.stringify(row)).join("\n")),
    [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose](),
  };
}

async function objectIn(reply: Response): Promise<Record<string, unknown>> {
  return JSON.parse(await reply.text());
}

test("of millions of faults a hundred are told", async () => {
  await using gateway = await start();

  const { status, body } = await gateway.send("/key/import", "{\n".repeat(200_000));

  expect(status).toBe(400);
  expect(body).toMatchObject({ more_faults: 199_900 });
  expect(body["faults"]).toBeArrayOfSize(100);
  expect(JSON.stringify(body["error"])).toContain("200000 faults");
});

test("more than 64 MiB are not read", async () => {
  await using gateway = await start();

  const { status, body } = await gateway.send("/key/import", "\n".repeat(64 * 1024 ** 2 + 1));

  expect(status).toBe(413);
  expect(body).toMatchObject({ error: { type: "body_too_large" } });
});

test("a taken alias is told with its line, and nothing is imported", async () => {
  await using gateway = await start();
  await gateway.send("/key/generate", JSON.stringify({ key_alias: "ann" }));
  const rows = [
    { token: sha256("a"), key_alias: "bob" },
    { token: sha256("b"), key_alias: "ann" },
  ];

  for (const query of ["?dry_run=true", ""]) {
    const { status, body } = await gateway.importAll(rows, query);

    expect([status, body["faults"]]).toEqual([
      400,
      [
        {
          line: 2,
          column: "key_alias",
          problem: expect.stringMatching(
            /^is "ann", which the key sk-\.\.\.\S+ \([0-9a-f]{32}\) has$/,
          ),
        },
      ],
    ]);
  }
  const again = await gateway.importAll([rows[0] ?? {}]);
  expect([again.status, again.body["imported"]]).toEqual([200, 1]);
  expect((await gateway.importAll([rows[0] ?? {}])).body).toMatchObject({ keys: 1, imported: 0 });
});

test("the master key of the table is left out", async () => {
  await using gateway = await start();

  const { body } = await gateway.importAll([{ token: sha256(masterKey) }, { token: sha256("a") }]);

  expect(body).toMatchObject({ keys: 1, imported: 1, master_key_left_out: true });
});

test("other calls are answered while many keys are imported", async () => {
  await using gateway = await start();
  const rows = Array.from({ length: 4_000 }, (_, index) => ({
    token: sha256(String(index)),
    key_alias: `alias ${index}`,
    team_id: `team-${index % 10}`,
    spend: 1,
  }));
  let done = false;
  let answered = 0;

  const importing = gateway.importAll(rows).finally(() => (done = true));
  while (!done) {
    await (await fetch(`${gateway.url}/health/liveliness`)).text();
    answered += 1;
  }

  expect((await importing).body).toMatchObject({ keys: 4_000, imported: 4_000 });
  expect(answered).toBeGreaterThan(5);
});
