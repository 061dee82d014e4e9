import { expect, test } from "bun:test";
import { maskShapes } from "../../src/call-log/mask-secrets.ts";

const shapes = [
  `sk-${"a1B2".repeat(8)}`,
  `AIza${"a1B2".repeat(9)}`,
  `AKIA${"A1B2".repeat(4)}`,
  `ghp_${"a1B2".repeat(9)}`,
];

const before = [
  "",
  " ",
  '"',
  "\\n",
  "\\t",
  "%0A",
  "%20",
  "%3D",
  "\\u000a",
  "=",
  "-",
  "_",
  "+",
  ".",
];

test.each(before)("behind %j every shape is masked", (prefix) => {
  for (const shape of shapes) {
    const bytes = Buffer.from(`x${prefix === "" ? " " : prefix}${shape}"`);

    maskShapes(bytes, false);

    expect(bytes.toString()).not.toContain(shape.slice(4));
  }
});

test("a word that goes on is none", () => {
  const bytes = Buffer.from(`"risk-${"a1B2".repeat(8)} task-${"a1B2".repeat(8)}"`);
  const text = bytes.toString();

  maskShapes(bytes, false);

  expect(bytes.toString()).toBe(text);
});
