/**
 * The yardstick: the least that a relay on this runtime does.
 * `bun bench/relay.ts ORIGIN PORT streaming|whole`; `whole` reads request bodies of known length
 * up to 64 KiB before it sends them on.
 */
import { announce } from "./announce.ts";

const [origin = "", port = "0", mode = "streaming"] = process.argv.slice(2);
const wholeLimit = mode === "whole" ? 65_536 : -1;

const server = Bun.serve({
  hostname: "127.0.0.1",
  port: Number(port),
  idleTimeout: 0,
  maxRequestBodySize: 8 * 1_024 ** 3,
  async fetch(request) {
    const { url, method, headers, signal } = request;
    const body = isSmall(headers) ? await request.arrayBuffer() : request.body;
    const upstream = await fetch(origin + url.slice(url.indexOf("/", 8)), {
      method,
      headers,
      body,
      signal,
      redirect: "manual",
      decompress: false,
    });
    return new Response(upstream.body, { status: upstream.status, headers: upstream.headers });
  },
});
announce(server.port);

function isSmall(headers: Headers): boolean {
  const length = headers.get("content-length");
  return length !== null && Number(length) <= wholeLimit;
}
