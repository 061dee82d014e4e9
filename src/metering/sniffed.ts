import { blind, type Reader } from "./reader.ts";
import type { Wire } from "./wire.ts";

/** What events begin with; `:` is a comment. */
const starts = ["data:", "event:", "id:", "retry:", ":"];
const longestStart = 6;

/** A body whose type says nothing: read as what it begins with, JSON or events, once that is there; else opaque. */
export function openSniffed(open: (wire: Wire) => Reader): Reader {
  let reader: Reader | null = null;
  let start = "";
  return {
    chunk(bytes) {
      if (reader !== null) return reader.chunk(bytes);
      const from = start === "" ? firstNotBlank(bytes) : 0;
      const head = start + latin1(bytes.subarray(from, from + longestStart));
      const wire = wireBy(head);
      if (wire === null) {
        start = head;
        return;
      }
      reader = open(wire);
      if (start !== "") reader.chunk(Buffer.from(start));
      reader.chunk(bytes.subarray(from));
    },
    end: () => reader?.end(),
    isBlind: () => reader === blind,
  };
}

/** Null while nobody can tell. */
function wireBy(head: string): Wire | null {
  if (head.startsWith("{") || head.startsWith("[")) return "json";
  if (starts.some((start) => head.startsWith(start))) return "events";
  return starts.some((start) => start.startsWith(head)) ? null : "opaque";
}

/** Behind blanks, and a byte order mark. */
function firstNotBlank(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length && blanks.has(bytes[at] ?? 0)) at += 1;
  return at;
}

const blanks: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf]);

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
