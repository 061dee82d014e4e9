import { expect, test } from "bun:test";
import { adminPaths } from "../../src/http/admin-paths.ts";
import { docsPage } from "../../src/http/docs-page.ts";
import { openApi } from "../../src/http/openapi.ts";
import { ask, masterKey, startAdminApp } from "./admin-app.ts";

const open = (path: string) => ask("GET", path, null, null);

test("/openapi.json describes every route, its fields and who may call it", async () => {
  using app = startAdminApp();

  const { status, body } = await app.send(open("/openapi.json"));

  expect(status).toBe(200);
  expect(body).toMatchObject({ openapi: "3.1.0", info: { title: "Tollgate admin API" } });
  expect(body).toMatchObject({
    paths: {
      "/key/generate": {
        post: {
          tags: ["keys"],
          security: [{ key: [] }],
          requestBody: {
            required: true,
            content: {
              "application/json": {
                schema: {
                  type: "object",
                  additionalProperties: false,
                  properties: {
                    rpm_limit: {
                      anyOf: [{ type: "integer", minimum: 1 }, { type: "null" }],
                      description: expect.stringContaining("60 seconds"),
                    },
                  },
                },
              },
            },
          },
          responses: { 200: expect.anything(), 401: expect.anything(), 403: expect.anything() },
        },
      },
      "/key/{key}/regenerate": {
        post: { parameters: [{ name: "key", in: "path", required: true }] },
      },
      "/key/list": {
        get: { parameters: expect.arrayContaining([expect.objectContaining({ name: "team_id" })]) },
      },
    },
  });
  const paths: readonly string[] = adminPaths;
  const told = Object.keys(Object(body["paths"]));
  expect(told.length).toBeGreaterThan(16);
  expect(told.filter((path) => !paths.includes(path))).toEqual([]);
  expect(JSON.stringify(body)).not.toContain(masterKey);
  expect(JSON.stringify(body)).not.toContain('"meant"');
});

test("/docs/api is a page of its own, which runs nothing", async () => {
  using app = startAdminApp();

  const { status, headers, text } = await app.send(open("/docs/api"));

  const policy = headers.get("content-security-policy") ?? "";
  const style = /<style>([^]*?)<\/style>/.exec(text)?.[1] ?? "";
  const hash = new Bun.CryptoHasher("sha256").update(style).digest("base64");
  expect([status, headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
  expect(policy).toContain(`default-src 'none'; style-src 'sha256-${hash}'`);
  expect(policy).not.toContain("unsafe");
  expect(text).toContain("<code>/key/generate</code>");
  expect(text).toContain("<code>max_parallel_requests</code>");
  expect(text).not.toMatch(/<script|<link|<img| style=| on\w+=|https?:\/\//);
});

test("what a route says of itself is text on the page, whatever it is", () => {
  const summary = `<img src=x onerror="alert('1')"> & more`;
  const page = docsPage(
    openApi([{ method: "GET", path: "/x", hooks: { detail: { summary, tags: ["<b>"] } } }]),
    `"><script>`,
  );

  expect(page).not.toMatch(/<img|<b>|<script/);
  expect(page).toContain("&#60;img src=x onerror=&#34;");
});

test("the documents need no key, and answer under the gateway's own names alone", async () => {
  using app = startAdminApp({ settings: "  allowed_ips: [127.0.0.1]\n" });

  for (const path of ["/openapi.json", "/docs/api"]) {
    const strange = open(path);
    strange.headers.set("host", "evil.example");
    expect([path, (await app.send(strange)).status]).toEqual([path, 421]);
    expect([path, (await app.send(open(path))).status]).toEqual([path, 200]);
  }
});
