import { expect, test } from "bun:test";
import { config } from "../gateway/wire.ts";
import { startGateway } from "../helpers/gateway.ts";
import { startRawUpstream } from "../helpers/raw-upstream.ts";

const master = "sk-canary-master-5e1b90c7d2";
const provider = "canary-provider-header-77b1";
const targetQuery = "canary-target-query-02c9";
const targetPath = "canary-target-path-8a6d";
const nobodys = "sk-canary-nobodys-key-41f0aa";
const clientQuery = "canary-client-query-9d3e";

test("nothing of a key, a credential, a target or a query is in the metrics", async () => {
  using upstream = await startRawUpstream();
  const target = `${upstream.url}/${targetPath}?token=${targetQuery}`;
  const route = `path: /a, target: "${target}", auth: true, headers: { x-api-key: ${provider} }, cost_per_request: 0.01`;
  await using gateway = await startGateway(config([route], `master_key: ${master}`));
  const ask = (path: string, key: string, body?: object) =>
    fetch(gateway.url + path, {
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      ...(body && { method: "POST", body: JSON.stringify(body) }),
    });
  const made: unknown = await (await ask("/key/generate", master, { key_alias: "ann" })).json();
  const own = typeof made === "object" && made !== null && "key" in made ? String(made.key) : "";
  for (const key of [master, own, nobodys]) {
    await (await ask(`/a?q=${clientQuery}`, key, { model: own })).text();
    await (await ask(`/a/${own}`, key)).text();
  }

  const text = await (await ask("/metrics", master)).text();

  expect(own).toStartWith("sk-");
  expect(text).toContain('api_key_alias="ann"');
  for (const secret of [master, own, nobodys, provider, targetQuery, targetPath, clientQuery]) {
    expect(text).not.toContain(secret);
    expect(text).not.toContain(secret.slice(-12));
  }
  expect(text).not.toContain(`:${upstream.port}`);
});
