import { write } from "node:fs";

/** Bytes that wait for a slow reader, at most; lines that come on top are dropped and counted. */
const maxQueuedBytes = 4 * 1024 * 1024;

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
  let lines: string[] = [];
  let queuedBytes = 0;
  let dropped = 0;
  let told = 0;
  let busy = false;
  let timer: Timer | null = null;

  const send = () => {
    timer = null;
    if (busy || lines.length === 0) return;
    const bytes = Buffer.from(lines.join(""));
    lines = [];
    queuedBytes = 0;
    busy = true;
    writeAll(fd, bytes, () => {
      busy = false;
      tellLost();
      if (lines.length > 0) timer ??= setTimeout(send, gatherMs); // at once would be a write per turn under load
    });
  };

  /** Behind the lines that waited, where the gap is. */
  const tellLost = () => {
    if (dropped === told) return;
    lines.push(lost(dropped - told, dropped), "\n");
    told = dropped;
  };

  return {
    write(line) {
      if (queuedBytes + line.length > maxQueuedBytes) {
        dropped += 1;
        return;
      }
      lines.push(line, "\n");
      queuedBytes += line.length + 1;
      if (!busy) timer ??= setTimeout(send, gatherMs);
    },
    dropped: () => dropped,
    async flush(ms) {
      const until = performance.now() + ms;
      send();
      while ((busy || lines.length > 0) && performance.now() < until) await Bun.sleep(2);
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
