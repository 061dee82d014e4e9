import { afterAll, beforeAll, expect } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Gateway, startGateway } from "../helpers/gateway.ts";
import { browserTest, pageKey, Tab } from "./browser.ts";

const yaml = `general_settings:
  master_key: ${pageKey}
  alerting: []
  pass_through_endpoints:
    - path: /one
      target: tollgate://sample
      auth: true
    - path: /later
      target: tollgate://sample
      auth: true
      enabled_if: READY
environment_variables:
  READY: cred/ready
`;

let gateway: Gateway;
const credentials = join(mkdtempSync(join(tmpdir(), "tollgate-config-")), "credentials");

beforeAll(async () => {
  mkdirSync(credentials);
  gateway = await startGateway(yaml, { env: { CREDENTIALS_DIRECTORY: credentials } });
  await fetch(`${gateway.url}/ui`); // from source it is built now
}, 20_000);

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  rmSync(join(credentials, ".."), { recursive: true, force: true });
});

const masterKey = { authorization: `Bearer ${pageKey}` };

async function served(): Promise<string[]> {
  const reply = await fetch(`${gateway.url}/routes`, { headers: masterKey });
  const { routes } = Object(await reply.json());
  return routes.map(({ path }: { readonly path: string }) => path);
}

const footer = `document.querySelector("dialog .dialog-footer")`;
const buttons = `[...${footer}.querySelectorAll("button")].map((one) => one.innerText).join()`;

browserTest(
  "config tells what each line means, shows what a reload would do, and does it",
  async () => {
    await using tab = new Tab(gateway);
    await tab.signIn("/ui/config");
    await tab.shows("config.yaml:3:3");
    const row = `[...document.querySelectorAll("tr")].map((one) => one.innerText.split(/\\s+/).join(" ")).find((text) => text.startsWith("3 ignored"))`;
    expect(await tab.until(row)).toStartWith("3 ignored alerting");
    expect(await tab.text()).toContain("Waits for READY.");
    await tab.press("Reload…");
    await tab.shows("Nothing would change");
    expect(await tab.view.evaluate(buttons)).toBe("Close,Look again");

    // not in the file, which is read again by itself
    writeFileSync(join(credentials, "ready"), "yes");
    await tab.press("Look again");
    await tab.shows("The route /later would be added.");
    expect(await served()).toEqual(["/one"]);
    await tab.press("Apply");
    await tab.shows("The configuration is in force: 2 routes.");

    expect(await served()).toEqual(["/one", "/later"]);
    await tab.until(`!document.body.innerText.includes("Waits for READY.")`);
    expect(tab.complaints).toEqual([]);
  },
  20_000,
);

browserTest(
  "a fault is shown with its line, cannot be applied, and changes nothing",
  async () => {
    const before = await served();
    const log = gateway.waitForLine(({ event }) => event === "reload_failed");
    writeFileSync(gateway.configPath, yaml.replace("target: tollgate://sample", "target: 12"));
    await log;
    await using tab = new Tab(gateway);

    await tab.signIn("/ui/config");
    await tab.shows("The file cannot be used as it is.");
    await tab.shows("config.yaml:6:7");
    await tab.press("Reload…");
    await tab.shows("so it cannot be applied");

    const dialog = String(await tab.view.evaluate(`document.querySelector("dialog").innerText`));
    expect(dialog).toContain("config.yaml:6:7 general_settings.pass_through_endpoints[0].target");
    expect(await tab.view.evaluate(buttons)).toBe("Close,Look again");
    expect(await served()).toEqual(before);
    writeFileSync(gateway.configPath, yaml);
    await tab.press("Look again");
    await tab.shows("Nothing would change");
  },
  20_000,
);

browserTest(
  "the salt key is rotated after a word of warning, and the audit lists it all",
  async () => {
    const made = await fetch(`${gateway.url}/config/pass_through_endpoint`, {
      method: "POST",
      headers: { ...masterKey, "content-type": "application/json" },
      body: JSON.stringify({
        path: "/made",
        target: "tollgate://sample",
        headers: { "X-Api-Key": "canary-0123456789" },
      }),
    });
    expect(made.status).toBe(200);
    await using tab = new Tab(gateway);
    await tab.signIn("/ui/config");
    await tab.press("Rotate the salt key…");
    await tab.shows("Back up salt_key again");
    await tab.press("Rotate the key");
    await tab.shows("The salt key was rotated");
    const facts = `[...document.querySelectorAll(".config-facts dd")].map((one) => one.innerText).join()`;
    expect(await tab.view.evaluate(facts)).toMatch(/^1,[0-9a-f]+,2$/);
    await tab.press("Done");

    await tab.press("Audit");
    await tab.shows("Salt key rotated");
    await tab.until(`document.querySelector('td a[href^="/ui/routes/"]')?.innerText === "/made"`);
    expect(await tab.text()).not.toContain("canary-0123456789");
    await tab.view.evaluate(`(() => {
      const select = document.querySelector("main select");
      Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, "value").set.call(select, "config.reload");
      select.dispatchEvent(new Event("change", { bubbles: true }));
    })()`);
    await tab.until(`location.search === "?action=config.reload"`);
    await tab.until(`!document.querySelector("tbody").innerText.includes("Salt key")`);

    const rows = await tab.view.evaluate(`document.querySelector("tbody").innerText`);
    expect(rows).toContain("Configuration reloaded");
    expect(rows).not.toContain("Route created");
  },
  20_000,
);
