import type { ReplyHead } from "../metering/meter.ts";

/** A reply's headers, names in lower case. */
export type ReplyHeaders = Readonly<Record<string, string>>;

/** What says how its body is to be read. */
export function headOf(headers: ReplyHeaders): ReplyHead {
  return {
    contentType: headers["content-type"] ?? "",
    contentEncoding: headers["content-encoding"] ?? "",
  };
}
