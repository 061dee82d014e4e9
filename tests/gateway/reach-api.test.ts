import { afterAll, expect, test } from "bun:test";
import { startGateway } from "../helpers/gateway.ts";
import { noTargets, privateTargets } from "./reach-targets.ts";
import { config, masterKey } from "./wire.ts";

const gateway = await startGateway(config([], `master_key: ${masterKey}`));
afterAll(() => gateway[Symbol.asyncDispose]());

const at = "/config/pass_through_endpoint";

async function ask(method: string, path: string, body?: object) {
  const reply = await fetch(gateway.url + path, {
    method,
    headers: { authorization: `Bearer ${masterKey}`, "content-type": "application/json" },
    body: body === undefined ? null : JSON.stringify(body),
  });
  return { status: reply.status, text: await reply.text() };
}

test.each([
  ...privateTargets,
  ...noTargets,
  "http://api.example.com:0/",
  "http://api.example.com:22/",
  "http://api.example.com:25/",
])("no endpoint is made to %s", async (target) => {
  const made = await ask("POST", at, { path: "/made", target });
  const called = await ask("GET", "/made");

  expect(made.status).toBe(400);
  expect(made.text).toContain("target");
  expect(called.status).toBe(404);
});

test("nor is one led there by a change", async () => {
  const made = await ask("POST", at, { path: "/led", target: "https://1.1.1.1/" });
  const id = /"id"\s*:\s*"([^"]+)"/.exec(made.text)?.[1] ?? "";

  const changed = await ask("POST", `${at}/${id}`, { path: "/led", target: "http://127.1/" });
  const listed = await ask("GET", at);

  expect([made.status, changed.status]).toEqual([200, 400]);
  expect(listed.text).toContain("https://1.1.1.1/");
  expect(listed.text).not.toContain("127.");
});

test("the sample inside may be named", async () => {
  await ask("POST", at, { path: "/sample", target: "tollgate://sample/echo" });

  const called = await ask("GET", "/sample");

  expect(called.status).toBe(200);
});
