import { describe, expect, test } from "bun:test";
import { rawRequest } from "../helpers/raw-client.ts";
import { sample } from "./sample.ts";
import { peakBytes, sampleProcess } from "./sample-process.ts";

const mebibyte = 1024 * 1024;
const block = Buffer.from(Uint8Array.from({ length: mebibyte }, (_, index) => (index * 31) >> 3));

/** `count` blocks, and the hash of what the first bytes and they are together. */
function upload(count: number, start = "", end = "") {
  const hash = new Bun.CryptoHasher("sha256").update(start);
  for (let sent = 0; sent < count; sent += 1) hash.update(block);
  let left = count;
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(Buffer.from(start)),
    pull(controller) {
      left -= 1;
      if (left >= 0) return controller.enqueue(block);
      controller.enqueue(Buffer.from(end));
      controller.close();
    },
  });
  const bytes = start.length + count * mebibyte + end.length;
  return { stream, bytes, sha256: hash.update(end).digest("hex") };
}

describe.skipIf(process.platform !== "linux")("50 MiB", () => {
  test.each(["chunked", "of known length"])("pass through the hash, %s", async (framing) => {
    await using upstream = await sampleProcess();
    await fetch(`${upstream.url}/x`, { method: "PUT", body: upload(4).stream });
    const before = peakBytes(upstream.pid);
    const { stream, bytes, sha256 } = upload(50);

    const response = await fetch(`${upstream.url}/files/a`, {
      method: "PUT",
      headers: framing === "chunked" ? {} : { "content-length": String(bytes) },
      body: stream,
    });

    expect(await response.json()).toMatchObject({
      method: "PUT",
      path: "/files/a",
      bytes,
      sha256,
      body: null,
    });
    expect(peakBytes(upstream.pid) - before).toBeLessThan(32 * mebibyte);
  });

  test("pass through as a multipart part, on a path that else takes JSON", async () => {
    await using upstream = await sampleProcess();
    await fetch(`${upstream.url}/x`, { method: "PUT", body: upload(4).stream });
    const before = peakBytes(upstream.pid);
    const part = '--b\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n';
    const { stream, bytes, sha256 } = upload(50, part, "\r\n--b--\r\n");

    const response = await fetch(`${upstream.url}/v1/ocr`, {
      method: "POST",
      headers: { "content-type": "multipart/form-data; boundary=b" },
      body: stream,
    });

    expect(await response.json()).toMatchObject({ bytes, sha256, body: null });
    expect(peakBytes(upstream.pid) - before).toBeLessThan(32 * mebibyte);
  });
});

test("no length is too much to begin with", async () => {
  using upstream = sample();

  const reply = await rawRequest(
    upstream.port,
    "PUT /status/202 HTTP/1.1\r\nHost: a\r\nContent-Length: 90000000000000\r\n\r\nabc",
  );

  expect(reply.status).toBe(202);
});
