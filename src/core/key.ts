import { randomBytes, timingSafeEqual } from "node:crypto";

/** Every key that callers are given begins so. */
export const keyPrefix = "sk-";

/** A new key: 256 random bits. */
export function newKey(): string {
  return keyPrefix + randomBytes(32).toString("base64url");
}

/** Whether a key that somebody chose may be one: nothing in it has a meaning in headers, cookies or URLs. */
export function isOwnKey(key: string): boolean {
  return /^sk-[A-Za-z0-9_.~+=-]{13,253}$/.test(key);
}

/** What may be shown of a key. */
export function maskKey(key: string): string {
  return `${keyPrefix}...${key.slice(-4)}`;
}

/** Keyed digests, by which keys are kept and found: useless to whoever reads the database without the pepper. */
export class KeyDigester {
  readonly #hmac: Bun.CryptoHasher;

  /** `pepper` must not be empty. */
  constructor(pepper: string) {
    if (pepper === "") throw new Error("a pepper must not be empty");
    this.#hmac = new Bun.CryptoHasher("sha256", pepper);
  }

  /** HMAC-SHA-256 of the key, in base64. */
  digest(key: string): string {
    return this.#hmac.copy().update(key).digest("base64");
  }

  /** Of a key of which only the plain SHA-256 (hex) is known. Never equal to a digest of any key. */
  digestOfSha256(hex: string): string {
    return this.#hmac.copy().update(`sha256\0${hex}`).digest("base64");
  }

  /** Tells whether a pepper is the one of before, and tells nothing else. */
  check(): string {
    return this.#hmac.copy().update("tollgate\0pepper").digest("base64");
  }
}

/** As LiteLLM keeps keys: hex. */
export function sha256Of(key: string): string {
  return new Bun.CryptoHasher("sha256").update(key).digest("hex");
}

/** Compares keys in constant time: both sides are digested under a secret of this process first. */
export class KeySecret {
  readonly #hmac = new Bun.CryptoHasher("sha256", randomBytes(32));
  readonly #digest: Buffer;
  readonly #sha256: Buffer;
  readonly #length: number;
  readonly #isPrefixed: boolean;

  /** `key` must not be empty: an empty key would match an empty token. */
  constructor(key: string) {
    if (key === "") throw new Error("a key must not be empty");
    this.#digest = this.#hash(key);
    this.#sha256 = this.#hash(sha256Of(key));
    this.#length = key.length;
    this.#isPrefixed = key.startsWith(keyPrefix);
  }

  /** Whether this is the key whose plain SHA-256 (hex) is given. */
  hasSha256(hex: string): boolean {
    return timingSafeEqual(this.#hash(hex), this.#sha256);
  }

  matches(token: string): boolean {
    return token.length === this.#length && timingSafeEqual(this.#hash(token), this.#digest);
  }

  /**
   * Whether this key stands anywhere in a header's or a parameter's value: alone, behind a scheme, in a list,
   * as a cookie's or a `name=value`'s value, or as a part of HTTP Basic credentials.
   */
  standsIn(value: string): boolean {
    if (value.length < this.#length && !basic.test(value)) return false;
    if (this.#isPrefixed && !value.includes(keyPrefix) && !basic.test(value)) return false;
    return tokensIn(value).some((token) => token.length === this.#length && this.matches(token));
  }

  #hash(text: string): Buffer {
    return this.#hmac.copy().update(text).digest();
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

/**
 * Every piece of a header's or a parameter's value that could be a key: the whole of it, the parts of lists, what
 * follows a scheme or a name, user and password of HTTP Basic credentials.
 */
export function tokensIn(value: string): string[] {
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
