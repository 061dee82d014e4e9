import { expect, test } from "bun:test";
import { join } from "node:path";
import { parse } from "yaml";
import { config, masterKey } from "../gateway/wire.ts";
import { startGateway } from "../helpers/gateway.ts";
import { reply, startRawUpstream } from "../helpers/raw-upstream.ts";
import { scrape } from "../metrics/scrape.ts";

const readme = await Bun.file(join(import.meta.dir, "../../README.md")).text();

/** `request`, answered with `answer`, costs … = cost USD. */
const example = /^`(\{.*?\})`, answered with `(\{.*?\})`, costs [^=\n]+ = ([\d.]+) USD\.$/m;

test("the example of usage rules costs what the README says", async () => {
  const [, request = "", answer = "", cost = ""] = example.exec(readme) ?? [];
  using upstream = await startRawUpstream({
    scripts: { "/v1/transcribe": [reply(200, ["Content-Type: application/json"], answer)] },
  });
  const yaml = exampleRoute().replace("https://api.example.com", upstream.url);
  const route = `auth: true, ${JSON.stringify(parse(yaml)[0]).slice(1, -1)}`;
  await using gateway = await startGateway(config([route], `master_key: ${masterKey}`));

  const told = await fetch(`${gateway.url}/transcribe`, {
    method: "POST",
    headers: { authorization: `Bearer ${masterKey}`, "content-type": "application/json" },
    body: request,
  });

  expect(cost).not.toBe("");
  expect(told.headers.get("x-litellm-response-cost")).toBe(cost);
});

test("the table of metrics holds each name, and no other", async () => {
  await using gateway = await startGateway(
    config([], `master_key: ${masterKey}`).concat("    []\n"),
  );

  const { families } = await scrape(gateway.url);

  const section = readme.slice(
    readme.indexOf("\n## Metrics"),
    readme.indexOf("\n## Configuration"),
  );
  const rows = section.split("\n").filter((line) => line.startsWith("| `"));
  const names = rows.flatMap((row) => row.match(/\b(?:litellm|tollgate|process)_\w+/g) ?? []);
  expect(names.toSorted()).toEqual([...families.keys()].toSorted());
});

function exampleRoute(): string {
  const start = readme.indexOf("- path: /transcribe");
  return readme.slice(start, readme.indexOf("```", start));
}
