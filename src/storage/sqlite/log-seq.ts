/** 2024: numbers of calls stay exact until 2093. */
const epochMs = Date.UTC(2024, 0, 1);
const perMs = 4_096;

const uuidV7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** So many calls may have got the number that belongs to one, or one behind it. */
export const maxBump = 64;

export interface CallNumber {
  /** The number that the call's time gives; a call has this one, or one of the next `maxBump`. */
  readonly seq: number;
  /** The id in 16 bytes. */
  readonly id: Buffer;
}

/** The number of a call by its id, which tells its time; null where that is no UUIDv7. */
export function numberOf(id: string): CallNumber | null {
  if (!uuidV7.test(id)) return null;
  const bytes = Buffer.from(id.replaceAll("-", ""), "hex");
  const seq = firstSeq(bytes.readUIntBE(0, 6)) + (bytes.readUInt16BE(6) & (perMs - 1));
  return { seq, id: bytes };
}

/** The first number that a call of this millisecond may have. */
export function firstSeq(epochMillisecond: number): number {
  return (Math.ceil(epochMillisecond) - epochMs) * perMs;
}

/** 16 bytes as an id. */
export function idOf(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
