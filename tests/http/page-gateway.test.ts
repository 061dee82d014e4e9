import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type Gateway, startGateway } from "../helpers/gateway.ts";
import { type RawUpstream, startRawUpstream } from "../helpers/raw-upstream.ts";
import { rawRequest } from "../helpers/raw-client.ts";
import { makeCertificates } from "../gateway/certificates.ts";
import { config, get, masterKey } from "../gateway/wire.ts";

const isBinary = (process.env["TOLLGATE_BIN"] ?? "") !== "";

/** What the page sends with a change. */
function asPage(gateway: Gateway, cookie = ""): Record<string, string> {
  return {
    origin: gateway.url,
    "sec-fetch-site": "same-origin",
    "x-tollgate-page": "1",
    "content-type": "application/json",
    ...(cookie === "" ? {} : { cookie }),
  };
}

async function signIn(gateway: Gateway, path = "/ui/session"): Promise<string> {
  const reply = await fetch(gateway.url + path, {
    method: "POST",
    headers: asPage(gateway),
    body: JSON.stringify({ key: masterKey }),
    tls: { rejectUnauthorized: false },
  });
  if (reply.status !== 204) throw new Error(`${reply.status} ${await reply.text()}`);
  return (reply.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
}

/** The scripts and styles that the document names. */
async function linksOf(gateway: Gateway): Promise<string[]> {
  const html = await (await fetch(`${gateway.url}/ui`)).text();
  return [...html.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, link = ""]) => link);
}

describe("a gateway that passes everything else on", () => {
  let upstream: RawUpstream;
  let gateway: Gateway;

  beforeAll(async () => {
    upstream = await startRawUpstream();
    const everything = `path: /, target: "${upstream.url}", include_subpath: true, auth: false`;
    gateway = await startGateway(
      config([everything], `master_key: ${masterKey}`, "admin_hosts: [a]"),
    );
    await fetch(`${gateway.url}/ui`); // from source it is built now
  }, 20_000);

  afterAll(async () => {
    await gateway[Symbol.asyncDispose]();
    upstream[Symbol.dispose]();
  });

  test("keeps the page and what is below it for itself, and nothing beside it", async () => {
    const before = upstream.requests.length;
    const lines = [
      "GET /ui",
      "GET /ui/",
      "GET /ui/keys/k1",
      "POST /ui/keys",
      "GET /ui/assets/x.js",
    ];

    const statuses: number[] = [];
    for (const line of lines) {
      const [method = "", path = ""] = line.split(" ");
      statuses.push((await fetch(gateway.url + path, { method })).status);
    }
    const own = upstream.requests.length - before;
    await fetch(`${gateway.url}/uix`);
    await fetch(`${gateway.url}/x/ui`);

    expect(statuses).toEqual([200, 200, 200, 405, 404]);
    expect([own, upstream.requests.length - before]).toEqual([0, 2]);
  });

  test("serves each file as the document names it", async () => {
    const links = await linksOf(gateway);

    expect(links.length).toBeGreaterThan(1);
    for (const link of links) {
      const reply = await fetch(gateway.url + link, { headers: { "accept-encoding": "br, gzip" } });
      expect([link, reply.status]).toEqual([link, 200]);
      expect((await reply.bytes()).length).toBeGreaterThanOrEqual(0);
      expect(reply.headers.get("cache-control")).toContain("immutable");
    }
    const script = links.find((link) => link.endsWith(".js")) ?? "";
    const coded = await fetch(gateway.url + script, {
      headers: { "accept-encoding": "br, gzip" },
      decompress: false,
    });
    expect(coded.headers.get("content-encoding")).toBe(isBinary ? "br" : "gzip");
    expect((await coded.bytes()).length).toBe(Number(coded.headers.get("content-length")));
  });

  test("is the same under a short name, and refuses a name that is not its own", async () => {
    const short = await rawRequest(gateway.port, get("/ui/routes", "Host: a"));
    const plain = await rawRequest(gateway.port, get("/ui/routes"));
    const rebound = await rawRequest(gateway.port, get("/ui", "Host: evil.example"));

    expect([short.status, plain.status, rebound.status]).toEqual([200, 200, 421]);
    expect(short.body.equals(plain.body)).toBe(true);
  });

  test("lets a browser in with the cookie, and never sends it up", async () => {
    const cookie = await signIn(gateway);
    const headers = asPage(gateway, cookie);

    const routes = await fetch(`${gateway.url}/routes`, { headers });
    const made = await fetch(`${gateway.url}/key/generate`, {
      method: "POST",
      headers,
      body: "{}",
    });
    const form = await fetch(`${gateway.url}/key/generate`, {
      method: "POST",
      headers: { cookie, "content-type": "text/plain", origin: "https://evil.example" },
      body: "{}",
    });
    await fetch(`${gateway.url}/anything`, { headers });

    expect([routes.status, made.status, form.status]).toEqual([200, 200, 403]);
    const token = cookie.slice(cookie.indexOf("=") + 1);
    expect(token.length).toBe(43);
    const all = upstream.requests.flatMap(({ headerLines }) => [...headerLines]).join("\n");
    expect(all).not.toContain(token);
    expect(gateway.stderr() + gateway.stdout()).not.toContain(token);
  });
});

test("a session outlives a restart, but not another master key", async () => {
  const yaml = config([], `master_key: ${masterKey}`).concat("    []\n");
  await using first = await startGateway(yaml);
  const cookie = await signIn(first);
  first.signal("SIGTERM");
  await first.exited;

  const status = async (text: string) => {
    const args = ["--port", String(first.port)]; // the cookie is that port's
    const again = await startGateway(text, { dir: first.dir, args });
    const reply = await fetch(`${again.url}/routes`, { headers: { cookie } });
    again.signal("SIGTERM");
    await again.exited;
    return reply.status;
  };

  expect(await status(yaml)).toBe(200);
  expect(await status(yaml.replace(masterKey, `${masterKey}-another`))).toBe(401);
  expect(await status(yaml)).toBe(401);
}, 20_000);

test("with TLS of its own the gateway sets a cookie for TLS alone", async () => {
  using certificates = makeCertificates();
  const { certFile, keyFile } = certificates.valid;
  await using gateway = await startGateway(
    config([], `master_key: ${masterKey}`).concat("    []\n"),
    { args: ["--tls-cert", certFile, "--tls-key", keyFile], env: { SERVER_ROOT_PATH: "/gw" } },
  );

  const cookie = await signIn(gateway, "/gw/ui/session");
  const reply = await fetch(`${gateway.url}/gw/routes`, {
    headers: { cookie },
    tls: { rejectUnauthorized: false },
  });

  expect(cookie).toStartWith("__Host-tollgate_session=");
  expect(reply.status).toBe(200);
});

test("an endpoint at or below /ui is refused", async () => {
  const endpoints = ["/ui", "/ui/x", "/ui/assets"].map(
    (path) => `path: ${path}, target: "https://up.example"`,
  );
  await using gateway = await startGateway(config(endpoints), { waitFor: "exit" });

  for (const path of ["/ui", "/ui/x", "/ui/assets"]) {
    expect(gateway.stderr() + gateway.stdout()).toContain(`${path} belongs to the admin API`);
  }
});
