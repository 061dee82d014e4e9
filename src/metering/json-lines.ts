import { behindBlankLines } from "./blank-lines.ts";
import { Finder } from "./finder.ts";
import { Frames, type LargeFrame } from "./frames.ts";
import { JsonScanner } from "./json-scanner.ts";
import { Pace } from "./pace.ts";
import type { Reader } from "./reader.ts";
import { type Tally, textOf } from "./tally.ts";

const lineFeed = 0x0a;

/** JSON by lines: NDJSON, JSON Lines, `application/stream+json`. Each line that is not blank is a message. */
export function openJsonLines(markers: readonly string[], tally: Tally): Reader {
  const lineFeeds = new Finder(lineFeed);
  let isCut = false;
  const show = (line: string) => {
    if (!tally.show(line, null)) tally.isUnparsed ||= !isCut;
  };
  const pace = new Pace<Uint8Array>(tally, (line) => show(textOf(line, 0, line.length)));
  const frames = new Frames(markers, {
    frame(bytes, from, to, isMarked) {
      if (isBlank(bytes, from, to)) return;
      tally.messages += 1;
      if (!isMarked) return;
      if (pace.admits()) show(textOf(bytes, from, to));
      else pace.postpone(bytes.subarray(from, to));
    },
    large: () => largeLine(markers, tally),
  });
  return {
    chunk(bytes) {
      frames.begin(bytes);
      lineFeeds.begin(bytes);
      let start = frames.isEmpty ? behindBlankLines(bytes, 0) : 0;
      for (let at = lineFeeds.next(start); at < bytes.length; at = lineFeeds.next(start)) {
        frames.last(bytes, start, at);
        start = behindBlankLines(bytes, at + 1);
      }
      if (start < bytes.length) frames.more(bytes, start, bytes.length);
      pace.flush();
    },
    end() {
      isCut = true; // a last line without its end counts where it is complete
      frames.finish();
    },
  };
}

function isBlank(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if ((bytes[at] ?? 0) > 0x20) return false;
  return true;
}

function largeLine(markers: readonly string[], tally: Tally): LargeFrame {
  const scanner = new JsonScanner(markers, false, (json) => {
    tally.messages += 1;
    if (json !== null && !tally.show(json, null)) tally.isUnparsed = true;
  });
  return {
    write: (bytes, from, to) => scanner.write(bytes, from, to),
    end: () => {
      if (scanner.isBroken || scanner.isOpen) tally.isUnparsed = true;
    },
  };
}
