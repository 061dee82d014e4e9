import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** Compares keys in constant time: both sides are digested under a secret of this process first. */
export class KeySecret {
  readonly #pepper = randomBytes(32);
  readonly #digest: Buffer;
  readonly #length: number;

  /** `key` must not be empty: an empty key would match an empty token. */
  constructor(key: string) {
    if (key === "") throw new Error("a key must not be empty");
    this.#digest = this.#hash(key);
    this.#length = key.length;
  }

  matches(token: string): boolean {
    return timingSafeEqual(this.#hash(token), this.#digest);
  }

  /**
   * Whether this key stands anywhere in a header's or a parameter's value: alone, behind a scheme, in a list,
   * as a cookie's or a `name=value`'s value, or as a part of HTTP Basic credentials.
   */
  standsIn(value: string): boolean {
    if (value.length < this.#length && !basic.test(value)) return false;
    return tokens(value).some((token) => token.length === this.#length && this.matches(token));
  }

  #hash(text: string): Buffer {
    return createHmac("sha256", this.#pepper).update(text).digest();
  }
}

const basic = /^basic /i;

/** Schemes that clients put before a key. */
const scheme = /^(?:bearer|token|key) +/i;

/** The key without its scheme: `Bearer sk-1` → `sk-1`. */
export function withoutScheme(value: string): string {
  return value.trim().replace(scheme, "");
}

/** User and password of HTTP Basic credentials (RFC 7617), or null where the value is none. */
export function basicCredentials(value: string): readonly [user: string, password: string] | null {
  if (!basic.test(value)) return null;
  const text = Buffer.from(value.slice(6).trim(), "base64").toString("utf8");
  const colon = text.indexOf(":");
  return colon < 0 ? [text, ""] : [text.slice(0, colon), text.slice(colon + 1)];
}

/** Before a key in a list of WebSocket sub-protocols. */
const subprotocol = "openai-insecure-api-key.";

/** Every piece of a value that could be a key. */
function tokens(value: string): string[] {
  const parts = [value, ...(basicCredentials(value) ?? [])];
  for (const part of value.split(/[\s,;&?]+/)) {
    parts.push(part, unquoted(part));
    const equals = part.indexOf("=");
    if (equals >= 0) {
      const named = unquoted(part.slice(equals + 1));
      parts.push(named, named.replace(/\/.*/s, "")); // SigV4: Credential=<key>/<date>/…
    }
    if (part.startsWith(subprotocol)) parts.push(part.slice(subprotocol.length));
  }
  return parts;
}

function unquoted(text: string): string {
  return text.replace(/^"|"$/g, "");
}
