import { expect, test } from "bun:test";
import { randomBytes } from "node:crypto";
import { StoreError } from "../../src/core/store-error.ts";
import { kidOf, sealerOf } from "../../src/keys/sealer.ts";

const source = "the variable X";
const one = sealerOf({ lines: ["one"], source });
const two = sealerOf({ lines: ["one", "two"], source });

test.each(["", "a", "ä \u0000 🙂", "x".repeat(100_000)])(
  "%#: what was sealed can be opened",
  (text) => {
    const sealed = two.seal(text, "a/b/c");

    expect(two.open(sealed, "a/b/c")).toBe(text);
    expect(sealed.kid).toBe(two.kid);
  },
);

test("the same text is sealed to another one each time", () => {
  const sealed = Array.from({ length: 100 }, () => one.seal("text", "place"));

  expect(new Set(sealed.map(({ nonce }) => nonce)).size).toBe(100);
  expect(new Set(sealed.map(({ text }) => text)).size).toBe(100);
});

test("the last line seals, every line opens, and a line keeps its name wherever it stands", () => {
  const old = one.seal("text", "place");
  const fresh = two.seal("text", "place");

  expect(two.open(old, "place")).toBe("text");
  expect([one.kid, two.kid]).toEqual([kidOf("one"), kidOf("two")]);
  expect([two.has(one.kid), one.has(two.kid)]).toEqual([true, false]);
  expect(() => one.open(fresh, "place")).toThrow(StoreError);
  expect(() => one.open(fresh, "place")).toThrow(`the line ${two.kid}`);
});

test("key and name are those of RFC 5869, by another implementation", async () => {
  const derive = async (info: string, bits: number) => {
    const text = new TextEncoder();
    const key = await crypto.subtle.importKey("raw", text.encode("one"), "HKDF", false, [
      "deriveBits",
    ]);
    const how = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: text.encode(info) };
    return Buffer.from(await crypto.subtle.deriveBits(how, key, bits));
  };
  const sealed = one.seal("text", "place");

  const aes = await crypto.subtle.importKey(
    "raw",
    await derive("creds-v1", 256),
    "AES-GCM",
    false,
    ["decrypt"],
  );
  const opened = await crypto.subtle.decrypt(
    {
      name: "AES-GCM",
      iv: Buffer.from(sealed.nonce, "base64"),
      additionalData: Buffer.from("place"),
    },
    aes,
    Buffer.from(sealed.text, "base64"),
  );

  expect(one.kid).toBe((await derive("kid-v1", 256)).toString("hex").slice(0, 16));
  expect(Buffer.from(opened).toString()).toBe("text");
});

test("a text that was moved cannot be opened", () => {
  const sealed = one.seal("text", "endpoints/a/headers.x");

  for (const place of [
    "endpoints/b/headers.x",
    "endpoints/a/headers.y",
    "",
    "endpoints/a/headers.x ",
  ]) {
    expect(() => one.open(sealed, place)).toThrow("changed, or moved");
  }
});

test("no bit can be flipped, of the texts nor of what they stand for; nothing can be cut or added", () => {
  const sealed = two.seal("a text of some length", "place");
  const parts = ["kid", "nonce", "text"] as const;

  for (const part of parts) {
    const written = Buffer.from(sealed[part]);
    const others = bitFlips(written).map((bytes) => bytes.toString("latin1"));
    if (part !== "kid") {
      const bytes = Buffer.from(sealed[part], "base64");
      others.push(...bitFlips(bytes).map((flipped) => flipped.toString("base64")));
      others.push(bytes.subarray(1).toString("base64"), bytes.subarray(0, -1).toString("base64"));
      others.push(Buffer.concat([bytes, Buffer.of(0)]).toString("base64"));
    }
    others.push("", `${sealed[part]} `, `${sealed[part]}\n`);
    for (const text of others) {
      expect(() => two.open({ ...sealed, [part]: text }, "place")).toThrow(StoreError);
    }
  }
});

test("a refusal tells neither lines nor texts", () => {
  const line = randomBytes(32).toString("base64url");
  const sealer = sealerOf({ lines: [line], source });
  const sealed = sealer.seal("a secret text", "place");

  for (const work of [() => sealer.open(sealed, "other"), () => one.open(sealed, "place")]) {
    let message = "";
    try {
      work();
    } catch (error) {
      message = String(error);
    }
    expect(message).toContain("Restore");
    expect(message).not.toContain(line);
    expect(message).not.toContain("a secret text");
    expect(message).not.toContain(sealed.text);
  }
});

function bitFlips(bytes: Buffer): Buffer[] {
  return Array.from({ length: bytes.length * 8 }, (_, bit) => {
    const copy = Buffer.from(bytes);
    copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    return copy;
  });
}
