import { expect, test } from "bun:test";
import { CallMetrics } from "../../src/metrics/call-metrics.ts";
import { createExposition } from "../../src/metrics/exposition.ts";
import { LabelSets, otherLabel } from "../../src/metrics/label-sets.ts";
import { config, masterKey } from "../gateway/wire.ts";
import { startGateway } from "../helpers/gateway.ts";
import { makeKey } from "../helpers/keys.ts";
import { reply, startRawUpstream } from "../helpers/raw-upstream.ts";
import { scrape, scraped } from "./scrape.ts";

const prices = "prices: { input: 0.000001, output: 0.000002 }";
const requests = "litellm_proxy_total_requests_metric_total";

/** A reply whose model is what the request says. */
const named = (body: Buffer) => {
  const { model }: { model: string } = JSON.parse(body.toString());
  const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
  const text = JSON.stringify({ object: "chat.completion", model, choices: [], usage });
  return reply(200, ["Content-Type: application/json"], Buffer.from(text).toString("latin1"));
};

test("models and aliases with quotes, backslashes and line feeds cannot leave their quotes", async () => {
  using upstream = await startRawUpstream({ fallback: (request) => [named(request.body())] });
  const route = `id: chat, path: /chat, target: "${upstream.url}", auth: true, ${prices}`;
  await using gateway = await startGateway(config([route], `master_key: ${masterKey}`));
  const models = ['a"b', "a\\b", "a\nb", 'a\\"} 1\nevil 1\n', "ä€𝄞", "a,b={c}"];
  const alias = 'o"n\\e';
  const { key } = await makeKey(gateway, { key_alias: alias });

  for (const model of models) {
    const answer = await fetch(`${gateway.url}/chat`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify({ model }),
    });
    expect(await answer.json()).toMatchObject({ model });
  }
  const { all, families } = await scrape(gateway.url);

  const shown = all(requests).map(({ labels }) => labels);
  const printed = models.map((model) => model.replaceAll("\n", "")); // control characters go before
  expect(shown.map(({ requested_model: model }) => model)).toEqual(printed);
  expect(new Set(shown.map(({ api_key_alias: name }) => name))).toEqual(new Set([alias]));
  expect(families.has("evil")).toBe(false);
});

test("700 models of replies do not make 700 series, and no call is lost", async () => {
  using upstream = await startRawUpstream({ fallback: (request) => [named(request.body())] });
  const route = `id: chat, path: /chat, target: "${upstream.url}", auth: false, ${prices}`;
  await using gateway = await startGateway(config([route], `master_key: ${masterKey}`));
  const calls = 700;

  for (let i = 0; i < calls; i += 10) {
    const batch = Array.from({ length: 10 }, (_, at) =>
      fetch(`${gateway.url}/chat`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ model: `m-${i + at}` }),
      }).then((answer) => answer.text()),
    );
    await Promise.all(batch);
  }
  const { all, sum } = await scrape(gateway.url);

  expect(all(requests).length).toBeWithin(200, 203);
  expect(sum(requests)).toBe(calls);
  expect(sum(requests, { requested_model: otherLabel })).toBe(calls - 200);
  expect(sum("litellm_total_tokens_metric_total")).toBe(2 * calls);
  expect(sum("litellm_spend_metric_total")).toBeCloseTo(calls * 0.000003, 9);
});

const labels = {
  route: "chat",
  status: 200,
  keyId: "k",
  keyAlias: "",
  teamId: "",
  teamAlias: "",
  model: "m",
};

test("label sets are bounded, whoever makes them", () => {
  const models = new LabelSets();
  const keys = new LabelSets();

  for (let i = 0; i < 5_000; i++) {
    models.of({ ...labels, model: `m-${i}` }).calls += 1;
    keys.of({ ...labels, keyId: `k-${i}`, keyAlias: `a-${i}` }).calls += 1;
  }

  expect([...models.all()]).toHaveLength(201);
  expect([...keys.all()]).toHaveLength(2_001);
  for (const sets of [models, keys]) {
    expect([...sets.all()].reduce((sum, { calls }) => sum + calls, 0)).toBe(5_000);
  }
  expect([...keys.all()].at(-1)).toMatchObject({ labels: { keyId: otherLabel }, calls: 3_000 });
  expect(keys.of({ ...labels, keyId: "k-7" }).labels).toMatchObject({ keyAlias: "a-7" });
});

test("a key that went to another team is counted with that team from then on", () => {
  const sets = new LabelSets();

  sets.of({ ...labels, teamId: "one" }).calls += 1;
  sets.of({ ...labels, teamId: "two" }).calls += 1;

  expect([...sets.all()].map(({ labels: { teamId } }) => teamId)).toEqual(["one", "two"]);
});

test("a gateway that was not called yet tells its process, and empty families", async () => {
  const nothing = () => 0;
  const state = {
    inFlight: nothing,
    journalBytes: nothing,
    bodyQueueBytes: nothing,
    dropped: nothing,
    droppedRows: nothing,
    droppedBodies: nothing,
    uncaught: nothing,
    version: "1.2.3",
  };

  const { all, families } = scraped(await createExposition(new CallMetrics(), state, () => null)());

  expect(families.get(requests)?.samples).toEqual([]);
  expect(families.get("litellm_request_total_latency_metric")?.samples).toEqual([]);
  expect(all("tollgate_build_info")).toEqual([
    { name: "tollgate_build_info", labels: { version: "1.2.3" }, value: 1 },
  ]);
});
