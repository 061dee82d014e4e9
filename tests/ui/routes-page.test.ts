import { expect } from "bun:test";
import { startGateway } from "../helpers/gateway.ts";
import { browserTest, pageKey, Tab } from "./browser.ts";

const limitMs = 60_000;
const env = { LITELLM_MASTER_KEY: pageKey };
const endpoints = "/config/pass_through_endpoint";

/** Asks the admin API beside the page. */
async function admin(url: string, path: string, body?: unknown) {
  const response = await fetch(url + path, {
    method: body === undefined ? "GET" : "POST",
    headers: { authorization: `Bearer ${pageKey}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const reply: unknown = await response.json();
  return Object(reply).endpoints;
}

const values = (label: string) =>
  `[...document.querySelectorAll("label")].find((one) => one.innerText.startsWith(${JSON.stringify(label)}))?.control?.value`;

browserTest(
  "the first steps of the seeds can be followed click by click",
  async () => {
    await using gateway = await startGateway("general_settings: {}", { env });
    await using tab = new Tab(gateway);
    await tab.signIn("/ui/routes");

    await tab.press("Create the first route");
    await tab.fill("Path (required)", "bria");
    await tab.fill("Target (required)", "https://engine.prod.bria-api.com");
    await tab.shows(`POST ${gateway.url}/bria/v1/… goes to https://engine.prod.bria-api.com/v1/…`);
    await tab.press("Add a header");
    await tab.fill("Header name 1", "api_token");
    await tab.fill("Header value 1", "os.environ/BRIA_TOKEN");
    await tab.shows("os.environ/… is not read here");
    await tab.fill("Header value 1", "bria-secret-token-9876");
    await tab.fill("Cost per request (USD)", "2 cents");
    await tab.press("Log bodies");
    await tab.shows("Write a number, as 0.02.");
    await tab.press("Create the route");
    await tab.shows("The route was not saved");
    await tab.fill("Cost per request (USD)", "$0,04");
    await tab.press("Create the route");

    await tab.shows("The route is live: what now?");
    await tab.shows(`curl -i -X POST '${gateway.url}/bria/v1/text-to-image/base/2.3'`);
    await tab.shows("set · ends in 9876");
    const [made] = await admin(gateway.url, endpoints);
    expect(made).toMatchObject({
      path: "/bria",
      target: "https://engine.prod.bria-api.com",
      headers: { api_token: "********9876" },
      include_subpath: true,
      cost_per_request: 0.04,
      log: "bodies",
      auth: true,
      version: 1,
    });
    const html = String(await tab.view.evaluate("document.documentElement.outerHTML"));
    expect(html).not.toContain("bria-secret-token");
    await tab.press("Test it");
    await tab.until(
      `location.pathname === "/ui/test" && location.search.includes(${JSON.stringify(encodeURIComponent(made.id))})`,
    );
    expect(tab.complaints).toEqual([]);
  },
  limitMs,
);

browserTest(
  "what is wrong is said at its field, and the summary leads there",
  async () => {
    await using gateway = await startGateway("general_settings: {}", { env });
    await using tab = new Tab(gateway);
    await tab.signIn("/ui/routes/new");

    await tab.press("Create the route");
    await tab.shows("The route was not saved");
    await tab.until(`document.activeElement.getAttribute("role") === "alert"`);
    await tab.press("Target");
    await tab.until(
      `document.activeElement.closest("[data-setting]")?.dataset.setting === "target"`,
    );
    await tab.fill("Path (required)", "key/generate");
    await tab.fill("Target (required)", "http://169.254.169.254/latest");
    await tab.shows("address is not a public one");
    await tab.fill("Target (required)", "https://a.example");
    await tab.shows("belongs to the admin API");

    expect(await admin(gateway.url, endpoints)).toEqual([]);
  },
  limitMs,
);

browserTest(
  "of two that change a route at once nobody loses anything",
  async () => {
    await using gateway = await startGateway("general_settings: {}", { env });
    const route = {
      id: "a",
      path: "/a",
      target: "https://a.example",
      headers: { k: "very-secret-12" },
    };
    await admin(gateway.url, endpoints, route);
    await using tab = new Tab(gateway);
    await tab.signIn("/ui/routes/a");
    await tab.fill("Cost per request (USD)", "0.5");

    await admin(gateway.url, `${endpoints}/a`, { rpm_limit: 7, cost_per_request: 0.1 });
    await tab.press("Save");

    await tab.shows("This route was changed meanwhile");
    await tab.shows("you changed it too");
    await tab.shows("(yours: 0.5)");
    await tab.press("Keep my changes over it");
    await tab.press("Save");
    await tab.shows("is saved");
    const [saved] = await admin(gateway.url, endpoints);
    expect(saved).toMatchObject({
      version: 3,
      rpm_limit: 7,
      cost_per_request: 0.5,
      headers: { k: "********t-12" },
    });
  },
  limitMs,
);

browserTest(
  "leaving with unsaved changes asks, by link and by Back",
  async () => {
    await using gateway = await startGateway("general_settings: {}", { env });
    await admin(gateway.url, endpoints, { id: "a", path: "/a", target: "https://a.example" });
    await using tab = new Tab(gateway);
    await tab.signIn("/ui/routes");
    await tab.until('document.querySelector(".routes-no-calls") !== null'); // the row moves no more
    await tab.press("Edit /a");
    await tab.fill("Cost per request (USD)", "0.5");

    await tab.press("Keys");
    await tab.shows("Leave without saving?");
    await tab.press("Cancel", 'document.querySelector("dialog[open]")');
    await tab.view.evaluate("void history.back()");
    await tab.shows("Leave without saving?");
    await tab.press("Cancel", 'document.querySelector("dialog[open]")');
    expect(await tab.view.evaluate(values("Cost per request"))).toBe("0.5");
    await tab.view.evaluate("void history.back()");
    await tab.shows("Leave without saving?");
    await tab.press("Leave without saving");

    await tab.until(`location.pathname === "/ui/routes"`);
  },
  limitMs,
);

browserTest(
  "a route is deleted once its path is typed",
  async () => {
    await using gateway = await startGateway("general_settings: {}", { env });
    await admin(gateway.url, endpoints, { id: "a", path: "/a", target: "https://a.example" });
    await using tab = new Tab(gateway);
    await tab.signIn("/ui/routes/a");

    await tab.press("Delete");
    await tab.fill("Type /a to confirm", "/a");
    await tab.press("Delete the route");

    await tab.shows("There is no route yet.");
    expect(await admin(gateway.url, endpoints)).toEqual([]);
  },
  limitMs,
);

browserTest(
  "the sample route is one click away, a route of the file is shown with its line",
  async () => {
    const yaml =
      "general_settings:\n  pass_through_endpoints:\n    - path: /off\n      target: https://a.example\n      enabled_if: NO_SUCH_VARIABLE\n";
    await using empty = await startGateway("general_settings: {}", { env });
    await using gateway = await startGateway(yaml, { env });
    await using first = new Tab(empty);
    await first.signIn("/ui/routes");
    await first.press("Make the sample route");
    await first.shows("The route is live: what now?");
    await first.shows("/sample/v1/chat/completions");

    await using second = new Tab(gateway);
    await second.signIn("/ui/routes");
    await second.shows("config.yaml:3");
    await second.shows("off: NO_SUCH_VARIABLE not set");
    await second.press("View /off");
    await second.shows("config.yaml, line 3");
    await second.shows("- path: /off");
    expect(await second.view.evaluate(`document.querySelectorAll("form").length`)).toBe(0);
  },
  limitMs,
);

const hostile = [
  `<img src=x onerror="window.hit=1">`,
  `"><script>window.hit=1</script>`,
  `javascript:window.hit=1`,
  "\u202e{{constructor}}${window.hit=1}",
];

browserTest(
  "what a route holds is text, whatever it says",
  async () => {
    await using gateway = await startGateway("general_settings: {}", { env });
    for (const [index, text] of hostile.entries()) {
      await admin(gateway.url, endpoints, {
        id: `r${index}`,
        path: `/r${index}/${encodeURIComponent(text)}`,
        target: `https://a.example/${encodeURIComponent(text)}`,
        headers: { accept: "*/*", "x-title": "plain" },
        default_query_params: { [text]: text },
        usage: { model: { value: text }, units: { images: 1 } },
      });
    }
    const made = await admin(gateway.url, endpoints);
    await using tab = new Tab(gateway);
    await tab.signIn("/ui/routes");
    await tab.shows(`${made.length} routes`);
    for (const { id } of made) {
      await tab.open(`/ui/routes/${id}`);
      await tab.shows("Where requests go");
      await tab.view.evaluate(
        `document.querySelectorAll("details").forEach((one) => { one.open = true; })`,
      );
    }

    expect(made.length).toBeGreaterThan(1);
    expect(await tab.view.evaluate("window.hit ?? null")).toBeNull();
    expect(await tab.view.evaluate(`document.querySelectorAll("main img").length`)).toBe(0);
    expect(tab.requests.filter(({ url }) => !url.startsWith(gateway.url))).toEqual([]);
  },
  limitMs,
);
