import type { Profile } from "../profile.ts";
import { coldStart } from "./cold-start.ts";
import { idleRss } from "./idle-rss.ts";
import { idleStreams } from "./idle-streams.ts";
import { json } from "./json-sizes.ts";
import { largeBodies } from "./large-bodies.ts";
import { loggedStreamsRss } from "./logged-streams-rss.ts";
import { loopLag } from "./loop-lag.ts";
import { loopLagLarge } from "./loop-lag-large.ts";
import { manyKeys } from "./many-keys.ts";
import { loggedJsonC32, meteredJsonC1, meteredJsonC32 } from "./metered-json.ts";
import { meteredSse, meteredSseBurst } from "./metered-sse.ts";
import { openLoop } from "./open-loop.ts";
import { recovery } from "./recovery.ts";
import { sseCpu } from "./sse-cpu.ts";
import { sseFirstByte } from "./sse-first-byte.ts";
import { sseGap } from "./sse-gap.ts";
import { stoppedReader } from "./stopped-reader.ts";
import { upload } from "./upload.ts";
import { watchedJson } from "./watched-json.ts";

/** To add a profile: write its file, add its name. They run in this order. */
export const profiles: readonly Profile[] = [
  ...json,
  meteredJsonC1,
  meteredJsonC32,
  loggedJsonC32,
  watchedJson,
  openLoop,
  manyKeys,
  sseFirstByte,
  sseCpu,
  sseGap,
  meteredSse,
  meteredSseBurst,
  upload,
  idleStreams,
  stoppedReader,
  loggedStreamsRss,
  largeBodies,
  loopLag,
  loopLagLarge,
  coldStart,
  idleRss,
  recovery,
];
