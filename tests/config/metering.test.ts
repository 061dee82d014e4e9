import { expect, test } from "bun:test";
import type { Usage } from "../../src/core/usage.ts";
import { build, onlyRoute, route, routes } from "./load.ts";

const at = Date.UTC(2026, 0, 1);

/** What a reply on the route of `yaml` uses, and what that costs. */
async function metered(yaml: string, reply: unknown, request?: unknown) {
  const metering = onlyRoute(yaml).metering;
  if (metering === null) throw new Error("replies are not looked at");
  const fold = metering.format.fold({ method: "POST", path: "/y", body: () => request });
  if (fold === null || fold === "free") throw new Error("nothing is folded");
  fold.add(reply, null);
  const { provider, model, usage } = fold.result();
  const priced = await metering.prices.price({ provider, model, usage: usage ?? {}, at });
  return { provider, model, usage, nanoUsd: priced.nanoUsd };
}

test("usage and prices of a route meter an API that nobody knows", async () => {
  const yaml = route(`
      usage:
        model: /model
        units:
          seconds: /audio/duration
          requests: 1
          images: { reply: /result, count: true }
          characters: { request: /text, length: true }
      prices: { seconds: 0.001, requests: 0.01, images: 0.02, characters: 2e-8 }
`);
  const reply = { model: "bria-3", audio: { duration: 2.5 }, result: ["a", "b", "c"] };

  const { provider, model, usage, nanoUsd } = await metered(yaml, reply, { text: "a b" });

  expect({ provider, model }).toEqual({ provider: "custom", model: "bria-3" });
  expect(usage).toEqual({ seconds: 2.5, requests: 1, images: 3, characters: 3 } satisfies Usage);
  expect(nanoUsd).toBe(2_500_000 + 10_000_000 + 60_000_000 + 60);
});

test.each([
  ["{value: bria-3}", "bria-3"],
  ["{request: /model}", "asked-for"],
  ["{reply: /name}", "told"],
  ["/name", "told"],
])("the model %s is %s", async (written, model) => {
  const yaml = route(`      usage: {model: ${written}, units: {pages: /pages}}\n`);

  const told = await metered(yaml, { pages: 1, name: "told" }, { model: "asked-for" });

  expect(told.model).toBe(model);
});

test("pointers are read as RFC 6901 has them", async () => {
  const yaml = route('      usage: {units: {pages: "/a~1b/~01/0/é"}}\n      prices: {pages: 1}\n');

  expect((await metered(yaml, { "a/b": { "~1": [{ é: 3 }] } })).usage).toEqual({ pages: 3 });
});

test("beside usage, provider is a name for records", async () => {
  const yaml = route("      provider: bria\n      usage: {units: {images: 1}}\n");

  expect((await metered(yaml, {})).provider).toBe("bria");
});

test("provider names the wire format, whatever the host; without one the host does", () => {
  const hosted = routes("    - {path: /v1, target: https://api.openai.com}\n");

  expect(onlyRoute(route("      provider: mistral\n")).metering?.format.id).toBe("mistral");
  expect(onlyRoute(hosted).metering?.format.id).toBe("openai");
  expect(onlyRoute(route("      provider: none\n")).metering).toBeNull();
});

test("a route's own price counts before the catalogue's", async () => {
  const yaml = (prices: string) => route(`      provider: openai\n${prices}`);
  const reply = {
    object: "chat.completion",
    model: "gpt-4o",
    usage: { prompt_tokens: 1000, completion_tokens: 100, total_tokens: 1100 },
  };
  const chat = async (text: string) => {
    const { format, prices } = onlyRoute(text).metering ?? {};
    const call = { method: "POST", path: "/v1/chat/completions", body: () => ({}) };
    const fold = format?.fold(call);
    if (fold === undefined || fold === null || fold === "free") throw new Error("not folded");
    fold.add(reply, null);
    const { provider, model, usage } = fold.result();
    return (await prices?.price({ provider, model, usage: usage ?? {}, at }))?.nanoUsd;
  };

  const listed = "model_list: [{model_name: gpt-4o, model_info: {input_cost_per_token: 1e-6}}]\n";

  expect(await chat(yaml(""))).toBe(2_500_000 + 1_000_000);
  expect(await chat(yaml("      prices: {input: 1e-6, output: 3e-6}\n"))).toBe(1_300_000);
  expect(await chat(yaml("") + listed)).toBe(1_000_000 + 1_000_000);
});

test("what else a route says of its metering, left out and set", () => {
  const flags = (yaml: string) => {
    const one = onlyRoute(yaml);
    return [one.trustsUpstreamCost, one.requestsStreamUsage, one.drainsOnDisconnect];
  };
  const all =
    "      trust_upstream_cost: yes\n      request_stream_usage: on\n      drain_on_disconnect: true\n";

  expect(flags(route(""))).toEqual([false, false, false]);
  expect(flags(route(all))).toEqual([true, true, true]);
});

test("include_cost_in_streaming_usage is every route's, and the settings'", () => {
  const yaml = `${route("")}litellm_settings: {include_cost_in_streaming_usage: true}\n`;

  expect(onlyRoute(yaml).tellsCostInStreams).toBe(true);
  expect(build(yaml).runtime?.tellsCostInStreams).toBe(true);
  expect(onlyRoute(route("")).tellsCostInStreams).toBe(false);
});

const pages = "usage: {units: {pages: /pages}}";

test.each([
  ["usage without a price", pages, "no price for these units, and no model"],
  ["usage whose model may have one", "usage: {model: /m, units: {pages: /pages}}", ""],
  ["usage beside a flat cost", `${pages}\n      cost_per_request: 1`, ""],
  [
    "a price that nothing tells",
    `${pages}\n      prices: {pages: 1, images: 1}`,
    "prices.images: nothing in usage tells this unit",
  ],
  ["a price of requests", `${pages}\n      prices: {pages: 1, requests: 1}`, ""],
  [
    "a unit without a price",
    "usage: {units: {pages: /pages, images: 1}}\n      prices: {pages: 1}",
    "usage.units.images: this unit has no price",
  ],
  [
    "the same, where the model may have one",
    "usage: {model: /m, units: {pages: /pages, images: 1}}\n      prices: {pages: 1}",
    "",
  ],
  [
    "a unit that is part of a priced one",
    "usage: {units: {input: /a, cache_write_1h: /b}}\n      prices: {input: 1}",
    "",
  ],
  [
    "seconds beside tokens",
    "usage: {units: {input: /a, seconds: /b}}\n      prices: {input: 1}",
    "",
  ],
  [
    "prices beside a flat cost",
    "prices: {pages: 1}\n      cost_per_request: 1",
    "cost_per_request is booked, and comes before these prices",
  ],
  ["prices where nothing is read", "provider: none\n      prices: {pages: 1}", "has no effect"],
  [
    "usage that is asked for where nothing is read",
    "provider: none\n      request_stream_usage: true",
    "request_stream_usage: provider: none looks at no reply",
  ],
  ["the same, switched off", "provider: none\n      drain_on_disconnect: false", ""],
  ["a key of a unit, misspelt", "usage: {units: {pages: {reply: /p, cuont: true}}}", "mean count?"],
])("%s: what is said of it", (_, lines, said) => {
  const { faults, warnings } = build(route(`      ${lines}\n`));

  expect(faults).toEqual([]);
  if (said === "") expect(warnings).toEqual([]);
  else expect(warnings.join("\n")).toContain(said);
});

test("the README's example has nothing wrong with it", async () => {
  const readme = await Bun.file(new URL("../../README.md", import.meta.url)).text();
  const [, example = ""] = /```yaml\n(- path: \/transcribe\n[^`]+)```/.exec(readme) ?? [];

  const { faults, warnings, routes: served } = build(routes(example.replace(/^/gm, "    ")));

  expect({ faults, warnings }).toEqual({ faults: [], warnings: [] });
  expect(served.map(({ path }) => path)).toEqual(["/transcribe"]);
});

test("the report tells each unit's price and place", () => {
  const { report } = build(route(`      ${pages}\n      prices: {pages: 0.002}\n`));

  expect(report).toMatch(/honoured +prices\.pages +USD for one of it\./);
  expect(report).toMatch(/honoured +usage\.units +By unit: a JSON Pointer/);
});
