import type { Profile } from "../profile.ts";
import { coldStart } from "./cold-start.ts";
import { idleRss } from "./idle-rss.ts";
import { idleStreams } from "./idle-streams.ts";
import { jsonProfile } from "./json.ts";
import { manyKeys } from "./many-keys.ts";
import { openLoop } from "./open-loop.ts";
import { recovery } from "./recovery.ts";
import { sseCpu } from "./sse-cpu.ts";
import { sseFirstByte } from "./sse-first-byte.ts";
import { sseGap } from "./sse-gap.ts";
import { stoppedReader } from "./stopped-reader.ts";
import { upload } from "./upload.ts";

/** To add a profile: write its file, add its name. They run in this order. */
export const profiles: readonly Profile[] = [
  jsonProfile("json-1k-c1", "/pt/json-1k", 1),
  jsonProfile("json-1k-c32", "/pt/json-1k", 32),
  jsonProfile("json-1k-c128", "/pt/json-1k", 128),
  jsonProfile("json-400k", "/pt/json-400k", 8),
  openLoop,
  manyKeys,
  sseFirstByte,
  sseCpu,
  sseGap,
  upload,
  idleStreams,
  stoppedReader,
  coldStart,
  idleRss,
  recovery,
];
