import { expect } from "bun:test";
import { duration } from "../../src/ui/format.ts";
import { type Gateway, startGateway } from "../helpers/gateway.ts";
import { browserTest, pageKey, Tab } from "./browser.ts";

const limitMs = 60_000;
const env = { LITELLM_MASTER_KEY: pageKey, PRESENT_TOKEN: "a-value-nobody-may-see" };

const yaml = `
general_settings:
  pass_through_endpoints:
    - { id: chat, path: /chat, target: "tollgate://sample/v1/chat/completions", auth: true, cost_per_request: 0.001, max_budget: 0.0035 }
    - path: /waits
      target: https://a.example
      enabled_if: MISSING_TOKEN
      headers: { authorization: "Bearer os.environ/MISSING_TOKEN" }
    - path: /has
      target: https://b.example
      headers: { authorization: "Bearer os.environ/PRESENT_TOKEN" }
`;

async function admin<Reply>(gateway: Gateway, path: string): Promise<Reply> {
  const reply = await fetch(gateway.url + path, {
    headers: { authorization: `Bearer ${pageKey}` },
  });
  expect(reply.status).toBe(200);
  const told: Reply = JSON.parse(await reply.text());
  return told;
}

async function call(gateway: Gateway, key: string): Promise<number> {
  const reply = await fetch(`${gateway.url}/chat`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "gpt-4o-mini", messages: [{ role: "user", content: "Hello" }] }),
  });
  await reply.text();
  return reply.status;
}

const rowOf = (caption: string, name: string) => `(() => {
  const table = [...document.querySelectorAll("table")].find((one) => one.caption?.innerText.includes(${JSON.stringify(caption)}));
  const row = [...(table?.tBodies[0]?.rows ?? [])].find((one) => one.cells[0].innerText.startsWith(${JSON.stringify(name)}));
  return row && [...row.cells].map((cell) => cell.innerText.trim());
})()`;

browserTest(
  "what is wrong is said in words; latencies, failures and credentials are the API's",
  async () => {
    await using gateway = await startGateway(yaml, { env });
    for (let index = 0; index < 4; index += 1) await call(gateway, pageKey); // the fourth does not fit
    expect(await call(gateway, "sk-nobody-has-this-key")).toBe(401);
    await Bun.sleep(1_100); // refusals are written once a second
    await using tab = new Tab(gateway);
    await tab.signIn("/ui/health");

    await tab.shows("1 credential is missing: MISSING_TOKEN.");
    await tab.shows("1 call of 4 failed today: 1 refused by limits.");
    await tab.shows("1 budget is near the end.");
    await tab.shows("Nothing was lost since the start");
    expect(await tab.until(rowOf("Credentials by name", "MISSING_TOKEN"))).toEqual([
      "MISSING_TOKEN",
      "environment variable",
      "missing",
      "/waits",
    ]);
    expect(await tab.until(rowOf("Credentials by name", "PRESENT_TOKEN"))).toContain("present");
    const today = new Date(Date.now() - 23 * 3_600_000).toISOString().slice(0, 10);
    const [latency] = await admin<{ duration_ms: { calls: number; p50: number; p99: number } }[]>(
      gateway,
      `/global/latency?start_date=${today}`,
    );
    const { calls, p50, p99 } = latency?.duration_ms ?? { calls: 0, p50: null, p99: null };
    const row = Object(await tab.until(rowOf("Latency by route", "/chat")));
    expect([row[1], row[2], row[5]]).toEqual([String(calls), duration(p50), duration(p99)]);
    expect(calls).toBe(3);
    expect(await tab.until(rowOf("Today (UTC)", "/chat"))).toEqual(["/chat", "1", "4", "25 %"]);
    expect(await tab.until(rowOf("By status", "429"))).toContain("budget_exceeded");
    expect(await tab.until(rowOf("Refusals by code", "key_invalid"))).toEqual(["key_invalid", "1"]);
    expect(await tab.text()).not.toContain("a-value-nobody-may-see");
    expect(tab.complaints).toEqual([]);
  },
  limitMs,
);

browserTest(
  "all browsers are signed out after a question",
  async () => {
    await using gateway = await startGateway(yaml, { env });
    await using tab = new Tab(gateway, { width: 390 });
    await tab.signIn("/ui/health");

    const [who] = Object(await tab.until(rowOf("Browsers that are signed in", "master key")));
    expect(who).toContain("this browser");
    expect(await tab.view.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(
      true,
    );
    await tab.press("Sign all out");
    await tab.shows("Sign all browsers out?");
    await tab.press("Sign all out", `document.querySelector("dialog")`);

    await tab.until(`document.querySelector("input[type=password]") !== null`);
    const { sessions } = await admin<{ sessions: unknown[] }>(gateway, "/ui/sessions");
    expect(sessions).toEqual([]);
  },
  limitMs,
);
