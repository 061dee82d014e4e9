import { bodyReader, framingOf, headerValues, readHead } from "../helpers/http1.ts";

/** A generator of whole numbers below `limit`; the same seed gives the same numbers. */
export type Random = (limit: number) => number;

/** mulberry32: small, seeded, even enough for tests. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
}

/** Pieces that parsers trip over. */
const oddities = [
  "\0",
  "\r",
  "\n",
  "\r\n",
  "\r\n\r\n",
  " ",
  "\t",
  ":",
  ",",
  ";",
  "/",
  "//",
  "/../",
  "%2e%2e",
  "%2f",
  "%00",
  "%",
  "?",
  "#",
  "\\",
  "@",
  "*",
  "\xff",
  "\xc3\xa9",
  "é",
  "Content-Length: 5\r\n",
  "Content-Length: 0\r\n",
  "Transfer-Encoding: chunked\r\n",
  "Connection: close, x-api-key\r\n",
  "Host: evil\r\n",
  "Upgrade: websocket\r\n",
  "Expect: 100-continue\r\n",
  "HTTP/1.0",
  "HTTP/2.0",
  "0\r\n",
  "ffffffff",
  "18446744073709551616",
  "-1",
  "0x",
  "chunked",
  "gzip",
  "a".repeat(300),
  "X-A: b\r\n".repeat(40),
] as const;

/** One to four changes behind the first `fixed` bytes: a bit, a cut, a copy, an odd piece. */
export function mutate(text: string, random: Random, fixed: number): string {
  let result = text;
  for (let change = 0; change <= random(4); change++) {
    const at = fixed + random(Math.max(1, result.length - fixed));
    const length = 1 + random(12);
    const [before, after] = [result.slice(0, at), result.slice(at)];
    const ways = [
      () =>
        before +
        String.fromCharCode((after.charCodeAt(0) || 0) ^ (1 << random(8))) +
        after.slice(1),
      () => before + after.slice(length),
      () => before + after.slice(0, length) + after,
      () => before + (oddities[random(oddities.length)] ?? "") + after,
      () => before + (oddities[random(oddities.length)] ?? "") + after.slice(length),
    ];
    result = ways[random(ways.length)]?.() ?? result;
  }
  return Buffer.from(result, "latin1").toString("latin1");
}

/** What a client may expect of bytes that it sent. */
export type Sent =
  /** One whole message: an answer is due. */
  | "whole"
  /** The end has not come, or nobody can tell where it is: a server may give up without a word. */
  | "unclear"
  /** A second message or a trailer behind the first. */
  | "more";

/** Judges a request by the letter of RFC 9112. */
export function judge(text: string): Sent {
  const bytes = Buffer.from(text, "latin1");
  const head = readHead(bytes);
  if (head === null) return "unclear";
  const rest = bytes.subarray(head.length);
  const lengths = headerValues(head.lines, "content-length");
  const codings = headerValues(head.lines, "transfer-encoding");
  if (lengths.length + codings.length > 1) return "unclear";
  if (lengths.some((value) => !/^\d{1,15}$/.test(value))) return "unclear";
  if (codings.some((value) => value !== "chunked")) return "unclear";
  const reader = bodyReader(framingOf(head.lines, { kind: "none" }));
  const behind = reader.feed(rest);
  if (behind.length > 0 || hasTrailer(rest, codings.length > 0)) return "more";
  return reader.complete && reader.fault === null ? "whole" : "unclear";
}

function hasTrailer(body: Buffer, chunked: boolean): boolean {
  return chunked && /(^|\r\n)0+(;[^\r]*)?\r\n(?!\r\n)./s.test(body.toString("latin1"));
}
