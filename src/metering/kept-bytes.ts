/** Bytes that are written one after the other, and taken back from some point on. */
export class KeptBytes {
  length = 0;
  bytes = new Uint8Array(4 * 1024);

  /** Makes room for so many bytes more, and a few. They may be written straight into what this gives. */
  room(more: number): Uint8Array {
    const needed = this.length + more + 4;
    if (needed > this.bytes.length) {
      const larger = new Uint8Array(Math.max(needed, 2 * this.bytes.length));
      larger.set(this.bytes.subarray(0, this.length));
      this.bytes = larger;
    }
    return this.bytes;
  }

  /** Where there is room. */
  put(byte: number): void {
    this.bytes[this.length] = byte;
    this.length += 1;
  }

  putText(ascii: string): void {
    this.room(ascii.length);
    for (let at = 0; at < ascii.length; at += 1) this.put(ascii.charCodeAt(at));
  }
}
