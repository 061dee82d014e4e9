import { safeHeaders } from "./call-log/safe-headers.ts";
import { safeUrl } from "./call-log/safe-url.ts";
import type { UsageFold } from "./core/metering.ts";
import type { GatewayDeps } from "./gateway/pipeline.ts";
import type { TesterDeps } from "./http/test-stream.ts";
import type { Undo } from "./http/test-reply.ts";
import { codingsOf } from "./metering/codings.ts";
import { Decoding } from "./metering/decoding.ts";
import { Tally } from "./metering/tally.ts";

/** What `POST /ui/test` needs of a gateway. `secrets`: the runtime's, asked for each call. */
export function testerDeps(gateway: GatewayDeps, secrets: () => readonly string[]): TesterDeps {
  return {
    gateway,
    secrets,
    safeHeaders,
    safeUrl: (path, query) => safeUrl(path, query).url,
    undo,
  };
}

/** As replies are decoded for metering: as they come, and bombs are given up. */
const undo: Undo = (contentEncoding, take) => {
  const codings = codingsOf(contentEncoding);
  if (codings === null) return null;
  const tally = new Tally(noUsage);
  const reader = { chunk: take, end: () => {} };
  const decoding = new Decoding(codings, false, reader, tally);
  return {
    chunk: (bytes) => decoding.chunk(bytes),
    end: () => decoding.end(),
    hasFailed: () => tally.isUnparsed,
  };
};

/** Only the bytes matter. */
const noUsage: UsageFold = {
  markers: [],
  add: () => {},
  result: () => ({
    provider: null,
    model: null,
    usage: null,
    isFinal: false,
    isInvalid: false,
    once: null,
  }),
};
