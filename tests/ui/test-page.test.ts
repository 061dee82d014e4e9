import { expect } from "bun:test";
import { startGateway } from "../helpers/gateway.ts";
import { browserTest, pageKey, Tab } from "./browser.ts";

const limitMs = 60_000;
const env = { LITELLM_MASTER_KEY: pageKey };

const config = (further = "") => `
general_settings:
  pass_through_endpoints:
    - { path: /sample, target: "tollgate://sample", include_subpath: true, auth: true, log: bodies }
    - path: /echo
      target: "tollgate://sample/echo?api_key=query-secret-9876"
      include_subpath: true
      headers: { api_token: header-secret-1234, accept: text/trial }
      auth: true
${further}`;

/** Asks the admin API beside the page. */
async function admin(url: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(url + path, {
    method: body === undefined ? "GET" : "POST",
    headers: { authorization: `Bearer ${pageKey}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return response.json();
}

/** Chooses in the select with this label what begins with this text. */
async function choose(tab: Tab, label: string, text: string): Promise<void> {
  await tab.until(`(() => {
    const select = [...document.querySelectorAll("label")].find((one) => one.innerText.trim() === ${JSON.stringify(label)})?.control
      ?? document.querySelector('select[aria-label=${JSON.stringify(label)}]');
    const option = [...(select?.options ?? [])].find((one) => one.innerText.startsWith(${JSON.stringify(text)}));
    if (option === undefined) return false;
    Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, "value").set.call(select, option.value);
    select.dispatchEvent(new Event("change", { bubbles: true }));
    return true;
  })()`);
}

const status = `document.querySelector(".test-status")?.innerText`;

browserTest(
  "a route is chosen, tried, and found in the logs; what is shown is what the ledger has",
  async () => {
    await using gateway = await startGateway(config(), { env });
    await using tab = new Tab(gateway);
    await tab.signIn("/ui/test");

    await tab.shows("Nothing to send yet");
    await choose(tab, "Route", "/sample");
    await tab.press("Send");
    await tab.until(`${status}?.startsWith("Done in")`);
    await tab.press("Text", `document.querySelector(".test-result")`);
    await tab.shows('"content":"');
    const id = await tab.until(
      `document.querySelector('a[href*="/logs/"]')?.href.split("/").pop()`,
    );

    const row = Object(await admin(gateway.url, `/spend/logs/ui/${String(id)}`));
    expect(row.request_tags).toContain("tollgate-test");
    const text = await tab.text();
    expect(text).toContain(`Input tokens: ${row.prompt_tokens}`);
    expect(text).toContain(`Output tokens: ${row.completion_tokens}`);
    expect(await tab.view.evaluate(`document.querySelector(".money").title`)).toBe(
      `$${Number(row.spend).toFixed(9).replace(/0+$/, "")}`,
    );
    await tab.press("See it in the logs");
    await tab.until(`location.pathname.startsWith("/ui/logs/")`);
    await tab.view.evaluate("history.back()");
    await tab.until(`${status}?.startsWith("Done in")`);
    expect(tab.complaints).toEqual([]);
  },
  limitMs,
);

browserTest(
  "what went up stands beside what was sent, without any secret",
  async () => {
    await using gateway = await startGateway(config(), { env });
    await using tab = new Tab(gateway);
    await tab.signIn("/ui/test?route=%2Fecho");

    await tab.press("Add a header");
    await tab.fill("Header name 2", "x-mine");
    await tab.fill("Header value 2", "1");
    await tab.press("Send");
    await tab.until(`${status}?.startsWith("Done in")`);
    await tab.press("What went up");

    const rows = String(
      await tab.until(
        `[...document.querySelectorAll(".test-diff tbody tr")].map((row) => row.innerText.replace(/\\s+/g, " ").trim()).join("\\n")`,
      ),
    );
    expect(rows).toContain("changed URL /echo/v1/chat/completions tollgate://sample/echo/");
    expect(rows).toContain("removed authorization");
    expect(rows).toContain("added api_token");
    expect(rows).toContain("added accept nothing text/trial");
    expect(rows).toContain("removed x-mine");
    expect(rows).toContain("set by the connection host");
    expect(rows).not.toContain("x-litellm-tags");
    expect(rows).toContain("same content-type application/json application/json");
    await tab.shows("Same bytes");
    const html = String(await tab.view.evaluate("document.documentElement.outerHTML"));
    expect(html).not.toContain("header-secret");
    expect(html).not.toContain("query-secret");
  },
  limitMs,
);

browserTest(
  "a stream is shown as it flows, and can be stopped",
  async () => {
    await using gateway = await startGateway(config(), { env });
    await using tab = new Tab(gateway);
    await tab.signIn("/ui/test");

    await tab.fill("Path and query", "/sample/sse?events=1000&interval_ms=20");
    await tab.view.press("Enter", { modifiers: ["Control"] });
    await tab.shows("the reply is coming in");
    await tab.until(`document.querySelectorAll(".test-events li").length > 5`);
    expect(await tab.view.evaluate(status)).toBe("Status 200: the reply is coming in.");
    await tab.press("Stop");

    await tab.until(`${status}?.startsWith("Stopped after")`);
  },
  limitMs,
);

browserTest(
  "ten thousand events are a few rows of the page",
  async () => {
    await using gateway = await startGateway(config(), { env });
    await using tab = new Tab(gateway);
    await tab.signIn("/ui/test");

    await tab.fill("Path and query", "/sample/sse?events=10000&interval_ms=0");
    await tab.press("Send");
    await tab.shows("9,801 to 10,000 of 10,000", 30_000);

    expect(await tab.view.evaluate(`document.querySelectorAll(".test-events li").length`)).toBe(
      200,
    );
    await tab.press("Earlier");
    await tab.shows("9,601 to 9,800 of 10,000");
  },
  limitMs,
);

browserTest(
  "a refusal is a result: its code, and what to do",
  async () => {
    await using gateway = await startGateway(
      config('    - { path: /dead, target: "http://127.0.0.1:1", auth: true }'),
      { env },
    );
    await admin(gateway.url, "/key/generate", { key_alias: "slow", rpm_limit: 1 });
    await using tab = new Tab(gateway);
    await tab.signIn("/ui/test?route=%2Fdead");

    await tab.press("Send");
    await tab.shows("upstream_unreachable");
    await choose(tab, "Key", "No key");
    await tab.press("Send");
    await tab.shows("key_invalid");
    await tab.shows("Not in the logs: counted under Health → Refused before authentication");
    await tab.press("What went up");
    await tab.shows("Nothing went up");
    await choose(tab, "Key", "slow");
    await tab.press("Send");
    await tab.shows("upstream_unreachable");
    await tab.press("Send");
    await tab.shows("rate_limited");
  },
  limitMs,
);

browserTest(
  "a form with a file goes up byte for byte, and stays when one comes back",
  async () => {
    await using gateway = await startGateway(config(), { env });
    await using tab = new Tab(gateway);
    await tab.signIn("/ui/test?route=%2Fsample");

    await tab.fill("Path and query", "/sample/anything");
    await choose(tab, "Body", "A form");
    await tab.fill("Field name 1", "audio");
    await choose(tab, "Kind of field 1", "File");
    await tab.until(`(() => {
      const input = document.querySelector("input[type=file]");
      if (input === null) return false;
      const files = new DataTransfer();
      files.items.add(new File([Uint8Array.from([0, 255, 10])], "a.wav", { type: "audio/wav" }));
      input.files = files.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
      return true;
    })()`);
    await tab.shows("a.wav, 3 B, audio/wav");
    await tab.press("Send");
    await tab.until(`${status}?.startsWith("Done in")`);
    await tab.press("Text", `document.querySelector(".test-result")`);
    await tab.shows("multipart/form-data; boundary=");
    await tab.press("Routes");
    await tab.press("Test");

    await tab.shows("a.wav, 3 B, audio/wav");
    expect(String(await tab.view.evaluate(status))).toStartWith("Done in");
  },
  limitMs,
);

browserTest(
  "a logged call is filled in again, and a typed key is kept nowhere",
  async () => {
    await using gateway = await startGateway(config(), { env });
    const reply = await fetch(`${gateway.url}/sample/v1/embeddings?x=1`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${pageKey}`,
        "content-type": "application/json",
        "x-title": "Mine",
      },
      body: '{"model": "text-embedding-3-small", "input": "Hello"}',
    });
    await reply.text();
    const id = reply.headers.get("x-litellm-call-id") ?? "";
    for (const end = Date.now() + 5000; Date.now() < end; await Bun.sleep(50)) {
      if (Object(await admin(gateway.url, `/spend/logs/ui/${id}`)).request !== undefined) break;
    }
    await using tab = new Tab(gateway);
    await tab.signIn(`/ui/test?from=${id}`);

    await tab.shows("Filled in from a logged call");
    await tab.shows("authorization");
    await tab.until(
      `[...document.querySelectorAll("input")].some((one) => one.value === "/sample/v1/embeddings?x=1")`,
    );
    await choose(tab, "Key", "Another key");
    await tab.fill("The key", "sk-typed-never-stored");
    await tab.press("Send");
    await tab.shows("key_invalid");
    await tab.press("Routes");
    await tab.press("Test");
    await tab.until(`document.querySelector(".test-form") !== null`);
    const kept = String(
      await tab.view.evaluate(
        "JSON.stringify([{...sessionStorage}, {...localStorage}, document.documentElement.outerHTML, [...document.querySelectorAll('input')].map((one) => one.value)])",
      ),
    );
    expect(kept).not.toContain("sk-typed-never-stored");
  },
  limitMs,
);
