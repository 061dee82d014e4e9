import { expect } from "bun:test";
import { count, percent, usd } from "../../src/ui/format.ts";
import { type Gateway, startGateway } from "../helpers/gateway.ts";
import { browserTest, pageKey, Tab } from "./browser.ts";

const limitMs = 60_000;
const env = { LITELLM_MASTER_KEY: pageKey };

const yaml = `
general_settings:
  pass_through_endpoints:
    - { id: flat, path: /flat, target: "tollgate://sample/v1/chat/completions", cost_per_request: 0.0042 }
    - { id: metered, path: /metered, target: "tollgate://sample/v1/chat/completions" }
    - { id: echo, path: /echo, target: "tollgate://sample/echo" }
`;

interface Totals {
  readonly total_spend: number | null;
  readonly calls: number;
  readonly failed: number;
  readonly unpriced: number;
}

interface Line extends Totals {
  readonly name: string;
  readonly total_input_tokens: number;
  readonly total_output_tokens: number;
}

async function admin<Reply>(gateway: Gateway, path: string, body?: object): Promise<Reply> {
  const reply = await fetch(gateway.url + path, {
    method: body === undefined ? "GET" : "POST",
    headers: { authorization: `Bearer ${pageKey}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(reply.status).toBe(200);
  const told: Reply = JSON.parse(await reply.text());
  return told;
}

function call(gateway: Gateway, path: string, key: string, model = "gpt-4o-mini") {
  return fetch(gateway.url + path, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ model, messages: [{ role: "user", content: "Hello" }] }),
  }).then((reply) => reply.text());
}

/** The cells of the row that begins so, of the table with this caption. */
const rowOf = (caption: string, name: string) => `(() => {
  const table = [...document.querySelectorAll("table")].find((one) => one.caption?.innerText.includes(${JSON.stringify(caption)}));
  const row = [...(table?.tBodies[0]?.rows ?? [])].find((one) => one.cells[0].innerText.startsWith(${JSON.stringify(name)}));
  return row && [...row.cells].map((cell) => cell.innerText.trim());
})()`;

const statOf = (label: string) =>
  `[...document.querySelectorAll(".stat")].find((one) => one.querySelector("dt").innerText === ${JSON.stringify(label)})?.querySelector(".stat-value").innerText`;

async function spent(gateway: Gateway): Promise<string> {
  const key = await admin<{ key: string }>(gateway, "/key/generate", {
    key_alias: "mobile-app",
    max_budget: 0.02,
    budget_duration: "30d",
    tags: ["prod"],
  });
  for (let index = 0; index < 4; index += 1) await call(gateway, "/flat", key.key);
  await call(gateway, "/metered", pageKey);
  await call(gateway, "/metered", pageKey, "a-model-of-our-own");
  await call(gateway, "/echo", pageKey);
  await call(gateway, "/flat", key.key); // the fifth does not fit any more
  return key.key;
}

browserTest(
  "what is shown as spent is what the ledger has, by route, key and tag",
  async () => {
    await using gateway = await startGateway(yaml, { env });
    await spent(gateway);
    const today = new Date().toISOString().slice(0, 10);
    const span = `start_date=${today}&end_date=${today}`;
    await using tab = new Tab(gateway);
    await tab.signIn("/ui/spend");

    const report = `/global/spend/report?${span}`;
    const [whole] = await admin<Totals[]>(gateway, `${report}&group_by=day`);
    if (whole === undefined) throw new Error("no call was counted");
    expect(whole).toMatchObject({ calls: 8, failed: 1 });
    expect(await tab.until(statOf("Spend"))).toBe(usd(whole.total_spend));
    expect(await tab.until(statOf("Calls"))).toBe("8");
    expect(await tab.until(statOf("Failed"))).toBe("1");
    expect(await tab.until(statOf("Unpriced"))).toBe(count(whole.unpriced));

    const lines = await admin<Line[]>(gateway, `${report}&group_by=route&by_day=false`);
    const flat = lines.find(({ name }) => name === "flat");
    if (flat === undefined) throw new Error("the route is not in the report");
    expect(flat).toMatchObject({ total_spend: 0.0168, calls: 5, failed: 1 });
    expect(await tab.until(rowOf("What each route spent", "/flat"))).toEqual([
      "/flat\nflat",
      "$0.0168",
      percent((flat.total_spend ?? 0) / (whole.total_spend ?? 1)),
      "5",
      "1",
      "0",
      count(flat.total_input_tokens),
      count(flat.total_output_tokens),
    ]);
    await tab.until(`document.querySelector(".plot canvas") !== null`);

    await tab.open("/ui/spend?group=api_key&show=calls");
    const ofKey = await tab.until(rowOf("What each key spent", "mobile-app"));
    expect(ofKey).toEqual(expect.arrayContaining(["$0.0168", "62.5 %", "5", "1"]));
    expect(await tab.until(rowOf("What each key spent", "Master key"))).toContain("3");
    await tab.open("/ui/spend?group=tag");
    expect(await tab.until(rowOf("What each tag spent", "prod"))).toContain("$0.0168");
    await tab.press("prod");
    await tab.until(`location.pathname === "/ui/logs" && location.search.includes("tag=prod")`);
    expect(tab.complaints).toEqual([]);
  },
  limitMs,
);

browserTest(
  "calls without a price say why, and budgets near their end are shown",
  async () => {
    await using gateway = await startGateway(yaml, { env });
    await spent(gateway);
    const { unpriced } = await admin<{
      unpriced: { route: string; reason: string; calls: number }[];
    }>(gateway, "/spend/unpriced");
    await using tab = new Tab(gateway);
    await tab.signIn("/ui/spend");

    expect(unpriced.map(({ route, reason, calls }) => [route, reason, calls])).toEqual(
      expect.arrayContaining([
        ["metered", "no_price", 1],
        ["echo", "no_usage", 1],
      ]),
    );
    const [, model, why, calls] = Object(
      await tab.until(rowOf("Calls without a price", "/metered")),
    );
    expect([model, why, calls]).toEqual([
      "a-model-of-our-own",
      "The model, or something it used, has no price",
      "1",
    ]);
    await tab.shows("The reply told no usage: 1 call.");
    await tab.shows("set cost_per_request");
    await tab.shows("80 % or more is used of 1 of 1 budgets");
    await tab.shows("$0.0168 of $0.02");
    await tab.press("mobile-app");
    await tab.until(`location.pathname.startsWith("/ui/keys/")`);
  },
  limitMs,
);

browserTest(
  "an empty time says what to do, and the address keeps what was chosen",
  async () => {
    await using gateway = await startGateway(yaml, { env });
    await using tab = new Tab(gateway, { width: 390 });
    await tab.signIn("/ui/spend?range=7d&group=team");

    await tab.shows("No calls in these days.");
    await tab.shows(`${gateway.url}/flat`);
    await tab.shows("Nobody has a budget.");
    const values = `[...document.querySelectorAll("main select")].map((one) => one.value).join()`;
    expect(await tab.until(values)).toBe("7d,team");
    expect(await tab.view.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(
      true,
    );
  },
  limitMs,
);
