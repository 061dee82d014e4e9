import { expect, test } from "bun:test";
import { textBytesOf } from "../../src/gateway/told-usage.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);
const short = 64 * 1024;

test("of a request with a file in it 64 KiB may be text", () => {
  const picture = bytesOf(`{"image":"data:image/png;base64,${"aB3+/".repeat(20_000)}"}`);

  expect(textBytesOf(picture, picture.length)).toBe(short);
});

test("words are text, and so is all of a short request", () => {
  const words = bytesOf("hello world ".repeat(10_000));
  const picture = bytesOf("aB3+".repeat(1_000));

  expect(textBytesOf(words, words.length)).toBe(words.length);
  expect(textBytesOf(picture, picture.length)).toBe(picture.length);
});

test("long words again and again take no longer than others", () => {
  const hostile = bytesOf(`${"a".repeat(999)} `.repeat(1_000));
  const before = performance.now();

  expect(textBytesOf(hostile, hostile.length)).toBe(hostile.length);

  expect(performance.now() - before).toBeLessThan(100);
});
