import { expect } from "bun:test";
import type { Script, Step } from "../helpers/raw-upstream.ts";
import { get, type Exchange, type Row } from "./row.ts";

/** The bytes of a reply without a length of its own. */
export const raw = (status: string, lines: readonly string[], body = ""): Step => ({
  write: [`HTTP/1.1 ${status}`, ...lines, "", body].join("\r\n"),
});

/** A GET, what the upstream answers, and what must come down. */
export const whole = (
  script: Script,
  about: string,
  check: Row["check"],
): Omit<Row, "id" | "nginx"> => ({
  about,
  send: get("/pt/e"),
  script,
  check,
});

/** The reply came whole, with these values of each header. */
export const down =
  (status: number, expected: Record<string, readonly string[]>, body?: string) =>
  ({ reply: answered }: Exchange) => {
    expect(answered.status).toBe(status);
    expect(answered.complete).toBe(true);
    for (const [name, values] of Object.entries(expected)) {
      expect(answered.values(name)).toEqual([...values]);
    }
    if (body !== undefined) expect(answered.body.toString("latin1")).toBe(body);
  };

/** An error of our own, in its shape. */
export const failed =
  (...statuses: number[]) =>
  ({ reply: answered }: Exchange) => {
    expect(statuses).toContain(answered.status);
    expect(answered.complete).toBe(true);
    expect(answered.text).not.toContain("127.0.0.1");
  };

/** Bytes so far, and then an end that cannot be taken for the reply's own. */
export const brokenOff =
  (bytes: string) =>
  ({ reply: answered }: Exchange) => {
    expect(answered.status).toBe(200);
    expect(answered.complete).toBe(false);
    expect(answered.ended).toBeOneOf(["fin", "reset"]);
    expect(answered.framing).not.toBe("close");
    expect(bytes).toStartWith(answered.body.toString("latin1"));
    expect(answered.body.length).toBeGreaterThan(0);
  };
