import { afterAll, expect, test } from "bun:test";
import { startGateway } from "../helpers/gateway.ts";
import { browserTest, pageKey, Tab } from "./browser.ts";

const gateway = await startGateway(`general_settings:
  master_key: ${pageKey}
  pass_through_endpoints:
    - { path: /chat, target: "tollgate://sample", include_subpath: true, auth: true, log: bodies, provider: openai }
    - { path: /flat, target: "tollgate://sample", include_subpath: true, auth: true, cost_per_request: 0.0025 }
`);

afterAll(() => gateway[Symbol.asyncDispose]());

const headers = { authorization: `Bearer ${pageKey}`, "content-type": "application/json" };
const hostile = "<img src=x onerror=alert(1)>\u202egnp";

async function call(path: string, model: string, stream = false): Promise<string> {
  const messages = [{ role: "user", content: `Hello ${hostile} zebra` }];
  const body = JSON.stringify({ model, stream, messages });
  const reply = await fetch(`${gateway.url}${path}/v1/chat/completions`, {
    method: "POST",
    headers,
    body,
  });
  await reply.arrayBuffer();
  return reply.headers.get("x-litellm-call-id") ?? "";
}

const rows = "document.querySelectorAll('tbody tr').length";
const logRequests = (tab: Tab) => tab.requests.filter(({ url }) => url.includes("/spend/logs/v2"));

test("calls are there to be looked at", async () => {
  for (let at = 0; at < 4; at++) await call("/flat", "gpt-4o");
  expect(await call("/chat", hostile.slice(0, 28))).not.toBe("");
});

browserTest(
  "the log is narrowed, and its address tells how",
  async () => {
    await using tab = new Tab(gateway);
    await tab.signIn("/ui/logs", pageKey);
    await tab.until(`${rows} === 5`);
    const before = logRequests(tab).length;

    await tab.press("More filters");
    await tab.fill("Route", "/flat");
    await tab.press("Apply");
    await tab.until(`${rows} === 4`);
    expect(logRequests(tab).length - before).toBe(1);
    await tab.press("Failed");
    await tab.shows("No call fits these filters");
    expect(await tab.view.evaluate("location.search")).toBe("?status_filter=failure&route=%2Fflat");
    await tab.view.evaluate("history.back()");
    await tab.until(`${rows} === 4`);
    await tab.press("Take out: Route");
    await tab.until(`${rows} === 5`);

    await tab.fill("Search", "zebra");
    await tab.view.press("Enter");
    await tab.until(`${rows} === 1`);
    expect(tab.complaints).toEqual([]);
  },
  30_000,
);

browserTest(
  "new calls appear while one looks, and stand still while one reads",
  async () => {
    await using tab = new Tab(gateway);
    await tab.signIn("/ui/logs", pageKey);
    await tab.until(`${rows} >= 5`);
    const before = Number(await tab.view.evaluate(rows));

    await tab.press("Live");
    await tab.shows("Live: new calls appear");
    await call("/flat", "newcomer-model");
    await tab.until(`${rows} === ${before + 1}`);
    await tab.until("document.querySelectorAll('.logs-new').length === 1");
    await tab.view.evaluate("document.querySelector('tbody a').focus()");
    await tab.shows("Paused");
    await call("/flat", "newcomer-model");
    const asked = logRequests(tab).length;
    await Bun.sleep(2_500);
    expect(logRequests(tab).length).toBe(asked);
    await tab.view.evaluate("document.activeElement.blur()");
    await tab.until(`${rows} === ${before + 2}`);

    const last = logRequests(tab).at(-1)?.url ?? "";
    expect(last).toContain("start_date=");
  },
  30_000,
);

browserTest(
  "a call tells what was sent, what came back and what it cost, and obeys nothing of it",
  async () => {
    const id = await call("/chat", "gpt-4o-mini", true);
    await using tab = new Tab(gateway);

    await tab.signIn(`/ui/logs/${id}?tab=reply`, pageKey);
    await tab.shows("Put together");
    await tab.press("Request");
    await tab.press("Text");
    await tab.shows("<img src=x onerror=alert(1)>⟨U+202E⟩gnp");
    await tab.press("Cost");
    await tab.shows("adds up");
    await tab.press("Timing");
    await tab.shows("Upstream, until its first byte");
    await tab.press("Headers");
    await tab.shows("content-type");
    expect(await tab.view.evaluate("document.querySelectorAll('img').length")).toBe(0);
    expect(
      await tab.view.evaluate(
        "[...document.links].find((one) => one.innerText.startsWith('Replay')).pathname",
      ),
    ).toBe("/ui/test");

    await tab.press("Older");
    await tab.until(`!location.pathname.includes(${JSON.stringify(id)})`);
    await tab.press("Newer");
    await tab.until(`location.pathname.includes(${JSON.stringify(id)})`);
    expect(tab.complaints).toEqual([]);
  },
  30_000,
);

browserTest(
  "an export tells how many calls it saved",
  async () => {
    await using tab = new Tab(gateway);
    await tab.signIn("/ui/logs?route=%2Fflat", pageKey);
    await tab.until(`${rows} >= 4`);
    await tab.view.evaluate("(window.showSaveFilePicker = undefined, true)");
    const count = Number(await tab.view.evaluate(rows));

    await tab.press("Export…");
    await tab.shows(`up to now: ${count}.`);
    await tab.press("Export", "document.querySelector('dialog')");
    await tab.shows(`Done: ${count} calls saved.`);
  },
  30_000,
);
