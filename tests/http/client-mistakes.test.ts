import { expect, test } from "bun:test";
import { startGateway } from "../helpers/gateway.ts";
import { rawRequest } from "../helpers/raw-client.ts";
import { idIn, keyIn, makeKey, masterKey, messageOf, ask, startAdminApp } from "./admin-app.ts";

const yaml = `general_settings:
  master_key: ${masterKey}
  pass_through_endpoints:
    - { path: /echo, target: "tollgate://sample", auth: true }
`;

test("targets that cannot be served are the client's mistake, and no failure in the log", async () => {
  await using gateway = await startGateway(yaml);
  const status = async (line: string) => {
    const head = `${line} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nAuthorization: Bearer ${masterKey}\r\n\r\n`;
    return (await rawRequest(gateway.port, Buffer.from(head))).status;
  };

  expect(await status(`GET /openapi.json?${"a".repeat(17_000)}`)).toBe(414);
  expect(await status("POST /key/..%2f/regenerate")).toBe(400);
  expect(await status("POST /key/x%2f..%2f/regenerate")).toBe(400);
  expect(await status("POST /key/%E0%A4%A/regenerate")).toBe(400);
  expect(await status("GET /spend/logs/ui/%E0%A4%A")).toBe(400);
  expect(await status("GET /openapi.json?a=1#b")).toBe(200);
  expect(gateway.lines().filter(({ event }) => event === "failed")).toEqual([]);
});

test.each([101, 20_000, 100_000])(
  "a body that is nested %d deep is refused by its field",
  async (depth) => {
    using app = startAdminApp();
    const body = `{"metadata":{"a":${"[".repeat(depth)}${"]".repeat(depth)}}}`;

    const reply = await app.post("/key/generate", body);

    expect([reply.status, messageOf(reply)]).toEqual([
      400,
      "The request is not valid. metadata: nested more than 100 deep.",
    ]);
    expect(app.failures).toEqual([]);
  },
);

test("a query has 64 parameters at most", async () => {
  using app = startAdminApp();
  const { key } = makeKey(app.book);
  const query = Array.from({ length: 1_500 }, (_, index) => `p${index}=1`).join("&");

  const reply = await app.send(ask("GET", `/key/info?${query}`, null, key));

  expect([reply.status, messageOf(reply)]).toEqual([
    400,
    "The request is not valid. More than 64 parameters.",
  ]);
});

test("no virtual key is made that is the master key", async () => {
  using app = startAdminApp();
  const made = await app.post("/key/generate", {});

  const generated = await app.post("/key/generate", { key: masterKey });
  const byBody = await app.post("/key/regenerate", { key: keyIn(made), new_key: masterKey });
  const byPath = await app.post(`/key/${idIn(made)}/regenerate`, { new_key: masterKey });

  expect([generated, byBody, byPath].map(({ status }) => status)).toEqual([400, 400, 400]);
  expect(messageOf(generated)).toContain("key: this is the master key.");
  expect(messageOf(byBody)).toContain("new_key: this is the master key.");
  expect(app.book.find(masterKey)).toBeNull();
  expect(app.book.find(keyIn(made))).not.toBe("revoked");
});

test.each([
  ["max_budget", 1e-10],
  ["soft_budget", 4e-10],
  ["model_max_budget", { m: 1e-10 }],
])("%s: an amount that would be rounded to nothing is refused", async (field, value) => {
  using app = startAdminApp();

  const reply = await app.post("/key/generate", { [field]: value });

  expect([reply.status, messageOf(reply).includes(field)]).toEqual([400, true]);
});
