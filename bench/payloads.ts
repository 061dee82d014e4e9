/** What travels in the benchmark: shared by the upstream, the drivers and the checks. */

/** A chat request of about 1 KB, as clients send it. */
export const requestBody = JSON.stringify({
  model: "bench-1",
  temperature: 0.2,
  messages: [
    { role: "system", content: "You answer briefly. ".repeat(12) },
    { role: "user", content: "How long is a piece of string, and who asks? ".repeat(15) },
  ],
});

/** Sent where callers have no key of the gateway. */
export const strangersKey = "sk-of-the-client";

/** Headers of every driven request beside its key; `wrk.lua` reads them from the file written by the bench. */
export const requestHeaders: Readonly<Record<string, string>> = {
  accept: "application/json",
  "content-type": "application/json",
  "user-agent": "bench/1",
};

/** A JSON reply of exactly `size` bytes. */
export function jsonReply(size: number): string {
  const frame = JSON.stringify({ id: "reply-1", object: "chat.completion", content: "" });
  return frame.replace('""', `"${"x".repeat(size - frame.length)}"`);
}

/** Sizes of the precomputed JSON replies by path. */
export const replySizes: Readonly<Record<string, number>> = {
  "/pt/json-1k": 1_024,
  "/pt/json-400k": 400 * 1_024,
};

/** The bytes of the small JSON request, as one HTTP/1.1 message. */
export function requestBytes(path: string, key = strangersKey): Uint8Array {
  const headers = Object.entries(requestHeaders).map(([name, value]) => `${name}: ${value}\r\n`);
  const length = `content-length: ${Buffer.byteLength(requestBody)}\r\n`;
  return Buffer.from(
    `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${key}\r\n${headers.join("")}${length}\r\n${requestBody}`,
  );
}

/** One step of a generated upload: the same megabyte, stamped with its index. */
export const uploadBlockBytes = 1_048_576;
