import { write } from "node:fs";

/** Bytes that wait for a slow reader, at most; lines that come on top are dropped and counted. */
const maxQueuedBytes = 4 * 1024 * 1024;

/** Room for the lines of one write, as long as the reader keeps up. */
const usualBytes = 64 * 1024;

const newline = 0x0a;

/** Lines of so many milliseconds go out together: a write costs as much as a call. */
const gatherMs = 10;

/** A line writer that never blocks and never throws. */
export interface LineWriter {
  write(line: string): void;
  /** Lines dropped so far. */
  dropped(): number;
  /** Resolves once all is written, or after `ms`. */
  flush(ms: number): Promise<void>;
}

/**
 * Writes lines to a file descriptor. One write is under way at a time, off the event loop, so a reader that has
 * stopped costs log lines and nothing else. Once it reads again, `lost` makes the line that tells it how many.
 */
export function lineWriter(
  fd: number,
  lost: (lines: number, total: number) => string = () => "",
): LineWriter {
  let waiting = Buffer.allocUnsafe(usualBytes);
  let used = 0;
  let spare: Buffer<ArrayBuffer> | null = null;
  let dropped = 0;
  let told = 0;
  let busy = false;
  let timer: Timer | null = null;

  const send = () => {
    timer = null;
    if (busy || used === 0) return;
    const full = waiting;
    const bytes = full.subarray(0, used);
    waiting = spare ?? Buffer.allocUnsafe(usualBytes);
    spare = null;
    used = 0;
    busy = true;
    writeAll(fd, bytes, () => {
      busy = false;
      if (full.length === usualBytes) spare = full;
      tellLost();
      if (used > 0) timer ??= setTimeout(send, gatherMs); // at once would be a write per turn under load
    });
  };

  /** Behind the lines that waited, where the gap is. */
  const tellLost = () => {
    if (dropped > told && append(lost(dropped - told, dropped))) told = dropped;
  };

  /** Encoded at once: strings that wait would outlive a collection, and make it dear. */
  const append = (line: string): boolean => {
    const most = used + line.length * 3 + 1;
    if (most > maxQueuedBytes) return false;
    if (most > waiting.length) {
      const larger = Buffer.allocUnsafe(Math.max(most, waiting.length * 2));
      waiting.copy(larger, 0, 0, used);
      waiting = larger;
    }
    used += waiting.write(line, used);
    waiting[used] = newline;
    used += 1;
    return true;
  };

  return {
    write(line) {
      if (!append(line)) dropped += 1;
      else if (!busy) timer ??= setTimeout(send, gatherMs);
    },
    dropped: () => dropped,
    async flush(ms) {
      const until = performance.now() + ms;
      send();
      while ((busy || used > 0) && performance.now() < until) await Bun.sleep(2);
    },
  };
}

/** A pipe may take less than all at once; an error (the reader is gone) ends the attempt. */
function writeAll(fd: number, bytes: Buffer, done: () => void): void {
  write(fd, bytes, (error, written) => {
    if (error !== null && "code" in error && error.code === "EAGAIN") {
      setTimeout(() => writeAll(fd, bytes, done), gatherMs);
    } else if (error !== null || written >= bytes.byteLength) done();
    else writeAll(fd, bytes.subarray(written), done);
  });
}
