import { afterAll, beforeAll, expect, test } from "bun:test";
import { type Gateway, startGateway } from "../helpers/gateway.ts";

const upstream = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  fetch: () => {
    const headers = new Headers({ "content-type": "text/html" });
    headers.append("set-cookie", "a=1; Path=/");
    headers.append("set-cookie", "tollgate_session=stolen; Path=/");
    headers.append("set-cookie", "__Host-tollgate_session=stolen; Secure; Path=/");
    headers.append("set-cookie", "my_tollgate_session=2");
    headers.append("content-security-policy", "default-src 'none'");
    return new Response("<script>1</script>", { headers });
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

async function policies(headers: Record<string, string>): Promise<string | null> {
  const reply = await fetch(`${gateway.url}/page`, { headers });
  return reply.headers.get("content-security-policy");
}

test.each(["document", "iframe", "frame", "object", "embed"])(
  "what a browser opens as a %s gets an origin of its own",
  async (destination) => {
    const policy = await policies({ "sec-fetch-dest": destination });

    expect(policy).toStartWith("default-src 'none', sandbox "); // the upstream's own stays
    expect(policy).not.toContain("allow-same-origin");
  },
);

test("a browser that tells no destination is known by what it asks for", async () => {
  expect(await policies({ accept: "text/html,application/xhtml+xml" })).toContain("sandbox");
});

test.each<Record<string, string>>([
  {},
  { accept: "*/*" },
  { accept: "application/json, text/html" },
  { "sec-fetch-dest": "empty", accept: "text/html" },
  { "sec-fetch-dest": "image" },
])("a caller with %j gets the headers as they came", async (headers) => {
  expect(await policies(headers)).toBe("default-src 'none'");
});

test("no reply sets a session's cookie; others stay, in their order", async () => {
  const reply = await fetch(`${gateway.url}/page`);

  expect(reply.headers.getSetCookie()).toEqual(["a=1; Path=/", "my_tollgate_session=2"]);
});
