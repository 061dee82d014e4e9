import { afterAll, beforeAll, expect } from "bun:test";
import { type Gateway, startGateway } from "../helpers/gateway.ts";
import { browserTest, pageKey, Tab } from "./browser.ts";

const yaml = `general_settings:
  master_key: ${pageKey}
  pass_through_endpoints:
    - { id: sample, path: /sample, target: "tollgate://sample", include_subpath: true, auth: true, cost_per_request: 0.0125 }
`;

let gateway: Gateway;

beforeAll(async () => {
  gateway = await startGateway(yaml);
  await fetch(`${gateway.url}/ui`); // from source it is built now
}, 20_000);

afterAll(() => gateway[Symbol.asyncDispose]());

const admin = { authorization: `Bearer ${pageKey}`, "content-type": "application/json" };

async function ask(path: string, body?: unknown) {
  const reply = await fetch(gateway.url + path, {
    headers: admin,
    ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
  });
  return Object(await reply.json());
}

/** The status of a call of the route with this key. */
async function call(key: string): Promise<number> {
  const reply = await fetch(`${gateway.url}/sample/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: '{"model": "sample", "messages": [{"role": "user", "content": "Hello"}]}',
  });
  await reply.arrayBuffer();
  return reply.status;
}

const dialog = `document.querySelector("dialog[open]")`;
const shownKey = `${dialog}?.querySelector("[aria-label='The new key']")?.innerText`;

/** The number under a name, as it is shown. */
const stat = (label: string, place = 0) =>
  `[...document.querySelectorAll(".stat")].filter((one) => one.querySelector("dt").innerText === "${label}")[${place}]?.querySelector(".stat-value").innerText`;

browserTest(
  "a key is made, shown once, used, changed, blocked, made anew and revoked in the page",
  async () => {
    await using tab = new Tab(gateway);
    await tab.signIn("/ui/keys");
    await tab.shows("There is no valid key.");
    expect(await tab.text()).toContain("tollgate keys create");

    await tab.press("Create a key");
    await tab.fill("Alias", "web-app");
    await tab.fill("Budget (USD)", "0.5");
    await tab.fill("Requests per minute", "0");
    await tab.press("Create the key");
    await tab.shows("A whole number of at least 1 is meant.");
    expect(await tab.view.evaluate("document.activeElement.value")).toBe("0");
    await tab.fill("Requests per minute", "90");
    await tab.press("Create the key");
    const key = String(await tab.until(shownKey));
    expect(await tab.text()).toContain(`-H 'Authorization: Bearer ${key}'`);
    await tab.press("I have copied it");
    await tab.until(`${dialog} === null`);
    await tab.shows("web-app");
    expect(await tab.view.evaluate("document.documentElement.outerHTML")).not.toContain(key);

    expect([await call(key), await call(key)]).toEqual([200, 200]);
    const { info } = await ask(`/key/info?key=${key}`);
    expect(info).toMatchObject({ key_alias: "web-app", max_budget: 0.5, rpm_limit: 90 });
    await tab.press("web-app");
    await tab.until(`${stat("Calls")} === "2"`);
    expect(info.spend).toBe(0.025);
    expect(await tab.view.evaluate(stat("Spent in all"))).toBe("$0.025");
    expect(await tab.view.evaluate(stat("Spend"))).toBe("$0.025");
    expect(await tab.text()).toContain("$0.025 of $0.50 in all");

    await tab.press("Edit");
    await tab.fill("Alias", "web-2");
    await tab.press("Save");
    await tab.until(`document.querySelector("h1").innerText === "web-2"`);
    const [change] = (await ask("/audit?page_size=1")).audit_logs;
    expect(change).toMatchObject({ action: "key.change", after: { key_alias: "web-2" } });

    await tab.press("Block");
    await tab.press("Block the key");
    await tab.shows("blocked");
    await tab.press("Unblock");
    await tab.shows("active");
    expect(await call(key)).toBe(200);

    await tab.press("Regenerate");
    await tab.press("Regenerate the key");
    const anew = String(await tab.until(shownKey));
    expect([anew === key, await call(key), await call(anew)]).toEqual([false, 401, 200]);
    await tab.press("I have copied it");

    await tab.press("Revoke");
    await tab.fill("Type web-2 to confirm", "web-2");
    await tab.press("Revoke the key");
    await tab.shows("There is no valid key.");
    expect(await call(anew)).toBe(401);
    const complaints = tab.complaints;
    expect(complaints).toHaveLength(1); // of the refused limit
    expect(complaints[0]).toContain("400");
  },
  20_000,
);

browserTest(
  "a team says how many keys go with it, and takes them along",
  async () => {
    const alias = "<img src=x onerror=document.title='ran'>";
    await ask("/team/new", { team_id: "web", team_alias: alias, max_budget: 5 });
    await ask("/key/generate", { team_id: "web", key_alias: alias });
    const { key } = await ask("/key/generate", { team_id: "web", key_alias: "second" });
    await using tab = new Tab(gateway);
    await tab.signIn("/ui/teams");
    await tab.press(alias);
    await tab.shows("second");
    expect(await tab.view.evaluate("document.querySelectorAll('img').length")).toBe(0);

    await tab.press("Delete");
    await tab.shows("2 keys of the team go with it");
    await tab.fill(`Type ${alias} to confirm`, alias);
    await tab.press("Delete the team");
    await tab.shows("There is no team yet.");

    expect(await call(key)).toBe(401);
    expect((await ask("/key/list?team_id=web")).total_count).toBe(0);
    expect(await tab.view.evaluate("document.title")).toBe("Teams · Tollgate");
  },
  20_000,
);
