import { expect } from "bun:test";
import { type Gateway, startGateway } from "../helpers/gateway.ts";
import { browserTest, pageKey, Tab } from "./browser.ts";

const limitMs = 60_000;

/** Tells who it is, and tries what a page of the gateway's own could do; its title is the outcome. */
const script = `
  const tried = async () => {
    const who = { credentials: "include", headers: { "x-tollgate-page": "1" } };
    const told = (reply) => String(reply.status);
    const keys = await fetch("/key/list", who).then(told, () => "refused");
    const made = await fetch("/key/generate", {
      ...who, method: "POST", body: "{}",
      headers: { ...who.headers, "content-type": "application/json" },
    }).then(told, () => "refused");
    const worker = await Promise.resolve()
      .then(() => navigator.serviceWorker.register("/up/worker"))
      .then(() => "registered", () => "refused");
    const outcome = [self.origin, keys, made, worker].join(" ");
    document.documentElement.setAttribute("data-outcome", outcome);
  };
  void tried();
`;

const bodies: Readonly<Record<string, readonly [type: string, body: string]>> = {
  "/svg": [
    "image/svg+xml",
    `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script><![CDATA[${script}]]></script></svg>`,
  ],
  "/html": ["text/html", `<!doctype html><title>up</title><script>${script}</script>`],
  "/xml": [
    "application/xhtml+xml",
    `<html xmlns="http://www.w3.org/1999/xhtml"><body><script><![CDATA[${script}]]></script></body></html>`,
  ],
  "/worker": ["text/javascript", "addEventListener('fetch', () => {})"],
};

/** Each is kept by the browser, and asked for once. */
function startUpstream() {
  const asked: string[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: ({ url }) => {
      const { pathname } = new URL(url);
      asked.push(pathname);
      const [type, body] = bodies[pathname] ?? ["text/plain", ""];
      const headers = {
        "content-type": type,
        "cache-control": "public, max-age=3600",
        "clear-site-data": '"cookies", "storage"',
        "service-worker-allowed": "/",
      };
      return new Response(body, { headers });
    },
  });
  return { url: server.url.origin, asked, [Symbol.dispose]: () => void server.stop(true) };
}

async function keysOf(gateway: Gateway): Promise<unknown> {
  const headers = { authorization: `Bearer ${pageKey}` };
  const reply = await fetch(`${gateway.url}/key/list`, { headers });
  return Object(await reply.json()).total_count;
}

browserTest(
  "what an upstream sends, and a browser keeps, is nobody's page when it is opened",
  async () => {
    using upstream = startUpstream();
    await using gateway = await startGateway(
      `general_settings:
  pass_through_endpoints:
    - { path: /up, target: "${upstream.url}", include_subpath: true, auth: false }
`,
      { env: { LITELLM_MASTER_KEY: pageKey } },
    );
    await using tab = new Tab(gateway);
    await tab.signIn("/ui/routes");
    await tab.shows("Sign out");

    for (const path of ["/svg", "/html", "/xml"]) {
      await tab.open("/ui/routes");
      await tab.view.evaluate(
        `fetch("/up${path}").then((reply) => reply.text()).then((text) => text.length)`,
      );
      await tab.view.evaluate(
        `new Promise((done) => { const image = new Image(); image.onload = image.onerror = () => done(1); image.src = "/up${path}"; })`,
      );
      await tab.open(`/up${path}`);
      const outcome = await tab.until(`document.documentElement.getAttribute("data-outcome")`);
      expect([path, outcome]).toEqual([path, "null refused refused refused"]);
    }
    await tab.open("/ui/keys");
    await tab.until(`document.querySelector("h1")?.innerText === "Keys"`);

    expect(upstream.asked).toEqual(["/svg", "/html", "/xml"]); // the navigations came out of the cache
    expect(await tab.text()).toContain("Sign out");
    expect(await keysOf(gateway)).toBe(0);
  },
  limitMs,
);
