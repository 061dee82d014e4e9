import { afterAll, beforeAll, expect, test } from "bun:test";
import { type Gateway, startGateway } from "../helpers/gateway.ts";
import { rawRequest } from "../helpers/raw-client.ts";
import { startRawUpstream } from "../helpers/raw-upstream.ts";

/** Answers as the query says, and with a policy of its own. */
const upstream = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  fetch: ({ url }) => {
    const asked = new URL(url).searchParams;
    const headers = new Headers({ "content-security-policy": "default-src 'none'" });
    for (const [name, value] of asked) if (name !== "status") headers.append(name, value);
    return new Response(asked.has("status") ? null : "<script>1</script>", {
      status: Number(asked.get("status") ?? 200),
      headers,
    });
  },
});

let gateway: Gateway;

beforeAll(async () => {
  gateway = await startGateway(`
general_settings:
  pass_through_endpoints:
    - { path: /page, target: "${upstream.url.origin}" }
`);
});

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await upstream.stop(true);
});

type Lines = readonly [name: string, value: string][];

function ask(lines: Lines, init: RequestInit = {}): Promise<Response> {
  return fetch(`${gateway.url}/page?${new URLSearchParams(lines)}`, init);
}

async function policy(lines: Lines, init?: RequestInit): Promise<string | null> {
  return (await ask(lines, init)).headers.get("content-security-policy");
}

const isApart = /^default-src 'none', sandbox [a-z -]+$/; // the upstream's own stays

test.each([
  "text/html",
  "text/html; charset=utf-8",
  "image/svg+xml",
  "IMAGE/SVG+XML",
  "application/xhtml+xml",
  "application/xml",
  "text/xml",
  "text/xsl",
  "audio/made-up+xml",
  "video/svg+xml",
  "font/x+xml",
  "image/made-up",
  "multipart/x-mixed-replace; boundary=a",
  "application/json, text/html",
  "application/json;a=b,text/html",
  "application/json text/html",
  "application/jsonp",
  "application/octet-stream",
  "json",
  "*/*",
  "unknown/unknown",
  `application/json;a=${"b".repeat(300)}`,
])("a reply of type %s gets an origin of its own", async (type) => {
  const told = await policy([["content-type", type]]);

  expect(told).toMatch(isApart);
  expect(told).not.toContain("allow-same-origin");
});

test("so does one of several types, or of none", async () => {
  const both = await policy([
    ["content-type", "application/json"],
    ["content-type", "text/html"],
  ]);

  expect(both).toMatch(isApart);
  expect(await policy([["status", "404"]])).toMatch(isApart);
});

test.each([
  "application/json",
  "application/json; charset=utf-8",
  "Application/JSON ;charset=utf-8",
  "application/problem+json",
  "application/vnd.api+json",
  "application/stream+json",
  "application/x-ndjson",
  "application/jsonl",
  "application/pdf",
  "application/vnd.amazon.eventstream",
  "text/event-stream; charset=utf-8",
  "text/plain",
  "text/csv",
  "image/png",
  "image/x-icon",
  "audio/mpeg",
  "video/mp4",
  "font/woff2",
])("a reply of type %s, which runs nothing, goes out as it came", async (type) => {
  expect(await policy([["content-type", type]])).toBe("default-src 'none'");
});

test.each<Record<string, string>>([
  { "sec-fetch-dest": "image", accept: "image/avif,image/webp,*/*" },
  { "sec-fetch-dest": "empty", accept: "*/*" },
  { "sec-fetch-dest": "fencedframe", accept: "text/html" },
  { "sec-fetch-dest": "document", accept: "text/html" },
  { accept: "*/*" },
])(
  "whatever it was asked for as, since a browser's cache opens it as a page: %j",
  async (headers) => {
    const svg: Lines = [
      ["content-type", "image/svg+xml"],
      ["cache-control", "max-age=3600"],
    ];
    const json: Lines = [["content-type", "application/json"]];

    expect(await policy(svg, { headers })).toMatch(isApart);
    expect(await policy(svg, { headers, method: "HEAD" })).toMatch(isApart);
    expect(await policy(json, { headers })).toBe("default-src 'none'");
  },
);

test.each(["206", "304"])(
  "a %s, whose headers go to a reply that is kept, always does",
  async (status) => {
    const told = await policy([
      ["content-type", "application/json"],
      ["status", status],
    ]);

    expect(told).toMatch(isApart);
  },
);

test("no reply sets a session's cookie; others stay, in their order", async () => {
  const set = (cookie: string): Lines[number] => ["set-cookie", cookie];
  const lines = [
    "a=1; Path=/",
    "tollgate_session=stolen; Path=/",
    "__Host-tollgate_session=stolen; Secure; Path=/",
    "=tollgate_session=stolen",
    " = tollgate_session=stolen; Path=/ui",
    "\t=\ttollgate_session =stolen",
    "==__Host-tollgate_session=stolen; Secure",
    "tollgate_session",
    "my_tollgate_session=2",
    "Tollgate_Session=3",
    '"tollgate_session"=4',
    "=nameless",
    "b=tollgate_session=5",
  ];

  const reply = await ask(lines.map(set));

  expect(reply.headers.getSetCookie()).toEqual([
    "a=1; Path=/",
    "my_tollgate_session=2",
    "Tollgate_Session=3",
    '"tollgate_session"=4',
    "=nameless",
    "b=tollgate_session=5",
  ]);
});

test("what a reply says of the upstream's whole origin is not said of this one", async () => {
  const said: Lines = [
    ["Clear-Site-Data", '"cookies", "storage"'],
    ["Service-Worker-Allowed", "/"],
    ["Strict-Transport-Security", "max-age=31536000"],
    ["Alt-Svc", 'h3=":443"'],
    ["NEL", '{"report_to":"a","max_age":1}'],
    ["Report-To", '{"group":"a","max_age":1,"endpoints":[{"url":"https://a.invalid"}]}'],
    ["Reporting-Endpoints", 'a="https://a.invalid"'],
    ["Public-Key-Pins", 'pin-sha256="a"; max-age=1'],
    ["Public-Key-Pins-Report-Only", 'pin-sha256="a"; max-age=1'],
    ["Expect-CT", "max-age=1"],
    ["Set-Login", "logged-out"],
    ["Accept-CH", "sec-ch-ua-model"],
    ["Secure-Session-Registration", '(ES256);path="/a"'],
    ["Sec-Session-Registration", '(ES256);path="/a"'],
  ];
  const query = new URLSearchParams([
    ...said,
    ["content-type", "application/json"],
    ["x-other", "stays"],
  ]);

  const head = `GET /page?${query} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
  const { headers } = await rawRequest(gateway.port, Buffer.from(head));

  const names = headers.map(([name]) => name.toLowerCase());
  const left = said.map(([name]) => name.toLowerCase()).filter((name) => names.includes(name));
  expect(left).toEqual([]);
  expect(names).toContain("x-other");
});

test.each<readonly [how: string, framing: string, body: string]>([
  ["in chunks", "Transfer-Encoding: chunked", "6\r\n<html>\r\n0\r\n\r\n"],
  ["of known length", "Content-Length: 6", "<html>"],
])(
  "a type that the upstream takes back (Connection) counts for none: %s",
  async (_, framing, body) => {
    const head = ["HTTP/1.1 200 OK", "Content-Type: text/plain", "Connection: close, content-type"];
    using raw = await startRawUpstream({
      fallback: [{ write: `${[...head, framing].join("\r\n")}\r\n\r\n${body}` }],
    });
    await using own = await startGateway(`
general_settings:
  pass_through_endpoints:
    - { path: /page, target: "${raw.url}" }
`);

    const reply = await fetch(`${own.url}/page`);

    expect(await reply.text()).toBe("<html>");
    expect(reply.headers.get("content-security-policy")).toStartWith("sandbox ");
  },
);
