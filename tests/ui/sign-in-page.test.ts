import { expect } from "bun:test";
import { type Gateway, startGateway } from "../helpers/gateway.ts";
import { browserTest, pageKey, Tab } from "./browser.ts";

const limitMs = 60_000;
const env = { LITELLM_MASTER_KEY: pageKey };

async function ask(gateway: Gateway, method: string, path: string, body?: unknown) {
  const response = await fetch(gateway.url + path, {
    method,
    headers: { authorization: `Bearer ${pageKey}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return text === "" ? {} : Object(JSON.parse(text));
}

async function give(tab: Tab, key: string): Promise<void> {
  await tab.fill("Key", key);
  await tab.view.press("Enter");
}

browserTest(
  "the master key signs in; the cookie is out of the page's reach, and signing out ends it",
  async () => {
    await using gateway = await startGateway("general_settings: {}", { env });
    await using tab = new Tab(gateway);
    await tab.open("/ui/keys");
    await tab.shows("Sign in");

    await give(tab, pageKey);
    await tab.until(`document.querySelector("h1")?.innerText === "Keys"`); // where one wanted to go
    expect(await tab.view.evaluate("document.cookie")).toBe("");
    const { sessions } = await ask(gateway, "GET", "/ui/sessions");
    expect(sessions).toHaveLength(1);

    await tab.press("Sign out");
    await tab.shows("Sign in");
    expect((await ask(gateway, "GET", "/ui/sessions")).sessions).toEqual([]);
    await tab.view.reload();
    await tab.shows("Sign in");
    expect(tab.complaints).toEqual([]);
  },
  limitMs,
);

browserTest(
  "keys that are wrong or no admin's are told apart from each other alone, and guessing has to wait",
  async () => {
    await using gateway = await startGateway("general_settings: {}", { env });
    const { key: plain } = await ask(gateway, "POST", "/key/generate", {});
    const { key: blocked, token } = await ask(gateway, "POST", "/key/generate", {
      user_role: "proxy_admin",
    });
    await ask(gateway, "POST", "/key/block", { key: token });
    await using tab = new Tab(gateway);
    await tab.open("/ui");

    await give(tab, plain);
    await tab.shows("it is not an admin's");
    await give(tab, blocked);
    await tab.shows("does not know this key");
    for (let guess = 0; guess < 8; guess += 1) {
      await fetch(`${gateway.url}/ui/session`, {
        method: "POST",
        headers: { "content-type": "application/json", "x-tollgate-page": "1" },
        body: JSON.stringify({ key: `sk-wrong-guess-number-${guess}` }),
      });
    }
    await give(tab, "sk-another-wrong-guess");
    await tab.until(
      `/^Wait \\d+ s$/.test(document.querySelector("form button:disabled")?.innerText)`,
    );
    await tab.shows("Too many wrong keys from this address");
    await tab.until(`document.querySelector("form button:disabled") === null`);
    await give(tab, pageKey); // the wait is over
    await tab.shows("Sign out");
  },
  limitMs,
);

browserTest(
  "a session that ends is renewed over the page, and what was asked for goes on",
  async () => {
    await using gateway = await startGateway("general_settings: {}", { env });
    const { key } = await ask(gateway, "POST", "/key/generate", { user_role: "proxy_admin" });
    await using tab = new Tab(gateway);
    await tab.signIn("/ui/routes/new", key);
    await tab.fill("Path (required)", "/typed");
    await tab.fill("Target (required)", "tollgate://sample");
    await ask(gateway, "DELETE", "/ui/sessions");

    await tab.press("Create the route");
    await tab.shows("Your session has ended");
    await give(tab, key);
    await tab.shows("The route is live");
    const { endpoints } = await ask(gateway, "GET", "/config/pass_through_endpoint");
    expect(endpoints).toMatchObject([{ path: "/typed" }]);
  },
  limitMs,
);

browserTest(
  "without a master key the page says how to set one, at this machine",
  async () => {
    await using gateway = await startGateway("general_settings: {}");
    await using tab = new Tab(gateway);
    await tab.open("/ui");

    await tab.shows("Set a master key first");
    await tab.shows("export LITELLM_MASTER_KEY=");
    await tab.press("Or name it in config.yaml");
    await tab.shows("master_key: os.environ/LITELLM_MASTER_KEY");
  },
  limitMs,
);
