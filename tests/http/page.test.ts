import { beforeAll, expect, test } from "bun:test";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { adminPathTest } from "../../src/http/admin-paths.ts";
import { pageHtml } from "../../src/http/page-html.ts";
import { pickCoding } from "../../src/http/pick-coding.ts";
import { openPageFiles } from "../../src/page-files.ts";
import { ask, type SessionApp, startSessionApp } from "./session-app.ts";

beforeAll(async () => {
  await openPageFiles(); // it is built here, and takes its time
});

const policy =
  "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' data: blob:; connect-src 'self'; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/** The addresses that the document names. */
function linksIn(html: string): string[] {
  return [...html.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, link = ""]) => link);
}

/** One file as it comes over the wire. */
function fetchFile(app: SessionApp, path: string, acceptEncoding: string, method = "GET") {
  return fetch(app.url + path, {
    method,
    headers: { "accept-encoding": acceptEncoding },
    decompress: false,
  });
}

async function entryOf(app: SessionApp): Promise<string> {
  const { text } = await ask(app, "GET /ui", {});
  const entry = linksIn(text).find((link) => link.endsWith(".js"));
  if (entry === undefined) throw new Error("no script in the page");
  return entry;
}

test("the page is there without a key, the same at every path below /ui that is no file", async () => {
  using app = startSessionApp();
  const paths = ["/ui", "/ui/", "/ui/routes", "/ui/routes/new", "/ui/logs/019a-b?x=1", "/ui/test"];

  const replies = await Promise.all(paths.map((path) => ask(app, `GET ${path}`, {})));

  expect(replies.map(({ status }) => status)).toEqual(paths.map(() => 200));
  expect(new Set(replies.map(({ text }) => text)).size).toBe(1);
  const { text, headers } = await ask(app, "GET /ui", {});
  expect(text).toStartWith('<!doctype html>\n<html lang="en">');
  expect(text).toContain('<meta name="color-scheme" content="light dark">');
  expect(text).toContain("<title>Tollgate</title>");
  expect(headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(headers.get("cache-control")).toBe("no-cache");
});

test("every reply tells the browser to run, frame and fetch nothing of elsewhere", async () => {
  using app = startSessionApp();

  for (const path of ["/ui", await entryOf(app)]) {
    const { headers } = await ask(app, `GET ${path}`, {});
    expect(headers.get("content-security-policy")).toBe(policy);
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("x-frame-options")).toBe("DENY");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("cross-origin-opener-policy")).toBe("same-origin");
    expect(headers.get("cross-origin-resource-policy")).toBe("same-origin");
    expect(headers.get("permissions-policy")).toContain("camera=()");
    expect(headers.has("access-control-allow-origin")).toBe(false);
  }
});

test("nothing stands in the document itself: no script, no style, no handler", async () => {
  using app = startSessionApp();

  const { text } = await ask(app, "GET /ui", {});

  expect(text).not.toMatch(/<style|\sstyle=|\son\w+=|javascript:/i);
  expect(text.match(/<script[^>]*>/g)).toEqual([
    expect.stringMatching(/^<script type="module" src="\/ui\/assets\/[\w-]+\.js">$/),
  ]);
  expect(text).toMatch(/<script[^>]*><\/script>/);
});

test("under a root path every address is below it, whatever the Host says", async () => {
  using app = startSessionApp({ rootPath: "/gw.v1" });
  const headers = { host: "admin.example.com:8443", "x-forwarded-host": "evil.example" };

  const { text } = await ask(app, "GET /gw.v1/ui/keys", headers);
  const links = linksIn(text);
  const statuses = await Promise.all(links.map((link) => ask(app, `GET ${link}`, {})));

  expect(text).toContain('<meta name="root-path" content="/gw.v1">');
  expect(text).not.toContain("example");
  expect(links.length).toBeGreaterThan(1);
  expect(links.filter((link) => !link.startsWith("/gw.v1/ui/assets/"))).toEqual([]);
  expect(statuses.map(({ status }) => status)).toEqual(links.map(() => 200));
  expect((await ask(app, "GET /ui", {})).status).toBe(404);
});

test("the document is asked for again each time, and sent only where it changed", async () => {
  using app = startSessionApp();
  const first = await ask(app, "GET /ui", {});
  const etag = first.headers.get("etag") ?? "";

  const again = await ask(app, "GET /ui/keys", { "if-none-match": `"other", W/${etag}` });
  const changed = await ask(app, "GET /ui", { "if-none-match": '"other"' });

  expect(etag).toMatch(/^"[\w-]{22}"$/);
  expect([again.status, again.text]).toEqual([304, ""]);
  expect(again.headers.get("content-security-policy")).toBe(policy);
  expect(changed.status).toBe(200);
});

test("files are kept for good, and compressed as the browser takes it", async () => {
  using app = startSessionApp();
  const path = await entryOf(app);
  const decoders: Record<string, (bytes: ArrayBuffer) => Uint8Array> = {
    br: (bytes) => brotliDecompressSync(bytes),
    gzip: (bytes) => gunzipSync(bytes),
    identity: (bytes) => new Uint8Array(bytes),
  };
  const plain = await (await fetchFile(app, path, "identity")).bytes();

  for (const accepted of ["gzip, deflate, br, zstd", "gzip", "identity", "*", ""]) {
    const reply = await fetchFile(app, path, accepted);
    const coding = reply.headers.get("content-encoding") ?? "identity";
    const bytes = await reply.arrayBuffer();
    expect(reply.headers.get("content-length")).toBe(String(bytes.byteLength));
    expect(reply.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(reply.headers.get("vary")).toBe("accept-encoding");
    expect(reply.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
    expect(accepted === "identity" || accepted === "" ? "identity" : coding).toBe(coding);
    expect(Buffer.from(decoders[coding]?.(bytes) ?? []).equals(plain)).toBe(true);
    if (coding !== "identity") expect(bytes.byteLength).toBeLessThan(plain.length / 2);
  }
});

test("what a browser loads first is at most 150 KB of compressed JavaScript", async () => {
  using app = startSessionApp();
  const { text } = await ask(app, "GET /ui", {});
  const scripts = linksIn(text).filter((link) => link.endsWith(".js"));

  const sizes = await Promise.all(
    scripts.map(async (link) => (await (await fetchFile(app, link, "gzip")).bytes()).length),
  );

  expect(sizes.length).toBeGreaterThan(0);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(150_000);
});

test("the scripts are those of production, and no source map is shipped", async () => {
  using app = startSessionApp();
  const entry = await entryOf(app);

  const script = await (await fetchFile(app, entry, "identity")).text();

  expect(script).not.toMatch(/jsxDEV|sourceMappingURL|process\.env|react-dom-client\.development/);
  expect((await ask(app, `GET ${entry}.map`, {})).status).toBe(404);
});

test("HEAD tells what GET would, and nothing else is taken", async () => {
  using app = startSessionApp();
  const entry = await entryOf(app);

  for (const path of ["/ui", entry]) {
    const whole = await fetchFile(app, path, "gzip");
    const head = await fetchFile(app, path, "gzip", "HEAD");
    expect((await head.bytes()).length).toBe(0);
    for (const name of ["content-length", "content-type", "content-encoding", "cache-control"]) {
      expect([name, head.headers.get(name)]).toEqual([name, whole.headers.get(name)]);
    }
  }
  for (const line of ["POST /ui", "PUT /ui/keys", "DELETE /ui/assets/x", "PATCH /ui/session"]) {
    const reply = await ask(app, line, {});
    expect([line, reply.status, reply.headers.get("allow")]).toEqual([line, 405, "GET, HEAD"]);
  }
});

test("a file that is not there is an error, and no way leads out of the folder", async () => {
  using app = startSessionApp();
  const entry = await entryOf(app);
  const paths = [
    "/ui/assets/",
    "/ui/assets/main.js",
    "/ui/assets/page.json",
    "/ui/assets/__proto__",
    "/ui/assets/constructor",
    `${entry}.gzip`,
    `${entry}/`,
    "/ui/assets//etc/passwd",
    "/ui/assets/%00",
  ];

  for (const path of paths) {
    const { status, type } = await ask(app, `GET ${path}`, {});
    expect([path, status, type]).toEqual([path, 404, "route_not_found"]);
  }
  const hidden = await ask(app, "GET /ui/assets/..%2f..%2fpackage.json", {});
  expect([hidden.status, hidden.type]).toEqual([400, "path_invalid"]);
});

test("who is not in allowed_ips gets no page", async () => {
  using app = startSessionApp({ settings: "  allowed_ips: [192.0.2.1]\n" });

  const replies = [await ask(app, "GET /ui", {}), await ask(app, "GET /ui/session", {})];

  expect(replies.map(({ status }) => status)).toEqual([403, 403]);
});

test("a root path is written as text", () => {
  const parts = { entry: "a.js", styles: ["a.css"], preloads: ["b.js"], icon: "i.svg" };
  const html = pageHtml(parts, '/"><script>/ui', '/"><script>');

  expect(html).not.toContain("><script>");
  expect(html).toContain(
    '<link rel="modulepreload" href="/&#34;&#62;&#60;script&#62;/ui/assets/b.js">',
  );
});

test("an Accept-Encoding is read with its weights", () => {
  const offered = ["br", "gzip"];

  expect(pickCoding("gzip, br", offered)).toBe("br");
  expect(pickCoding("BR;q=0, GZip;q=0.1", offered)).toBe("gzip");
  expect(pickCoding("*;q=0.5, br;q=0", offered)).toBe("gzip");
  expect(pickCoding("*;q=0, identity", offered)).toBeNull();
  expect(pickCoding("", offered)).toBeNull();
  expect(pickCoding("brotli, gzip2", offered)).toBeNull();
  expect(pickCoding("br", [])).toBeNull();
});

test("all at and below /ui belongs to the admin API, and nothing beside it", () => {
  const plain = adminPathTest("");
  const rooted = adminPathTest("/gw");

  expect(["/ui", "/ui/", "/ui/a/b", "/ui/session"].filter((path) => !plain(path))).toEqual([]);
  expect(["/uix", "/u", "/x/ui", "/UI", "/ui%2fa"].filter(plain)).toEqual([]);
  expect([rooted("/gw/ui/x"), rooted("/ui/x"), rooted("/gw/uix")]).toEqual([true, false, false]);
});
