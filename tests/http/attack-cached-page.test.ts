import { afterAll, beforeAll, expect, test } from "bun:test";
import { type Gateway, startGateway } from "../helpers/gateway.ts";

/** An SVG is an image, and a page with scripts. */
const upstream = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  fetch: () =>
    new Response('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', {
      headers: { "content-type": "image/svg+xml", "cache-control": "max-age=3600" },
    }),
});

let gateway: Gateway;

beforeAll(async () => {
  gateway = await startGateway(`
general_settings:
  pass_through_endpoints:
    - { path: /image, target: "${upstream.url.origin}" }
`);
});

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await upstream.stop(true);
});

/**
 * A page of another port of this host loads it as an image, and then goes there: the browser opens what it has kept,
 * with its headers, and asks nobody again.
 */
test.each<Record<string, string>>([
  { "sec-fetch-dest": "image", accept: "image/avif,image/webp,*/*" },
  { "sec-fetch-dest": "empty", accept: "*/*" },
  { "sec-fetch-dest": "fencedframe", accept: "text/html" },
  { accept: "*/*" },
])("what a browser keeps of an upstream is no page of this origin either: %j", async (headers) => {
  const reply = await fetch(`${gateway.url}/image`, { headers });

  expect(reply.headers.get("content-security-policy") ?? "").toContain("sandbox");
});
