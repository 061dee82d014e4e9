import { chatPath } from "../payloads.ts";
import type { Profile } from "../profile.ts";
import { jsonProfile } from "./json.ts";

const figure = "CPU/request";

/** Everything on: a key, limits of requests, tokens and money, a price by usage, a row, and metrics. */
export const meteredJsonC1: Profile = jsonProfile({
  name: "metered-json-c1",
  path: chatPath,
  connections: 1,
  subjects: ["bare", "unmetered", "metered"],
});

export const meteredJsonC32: Profile = jsonProfile({
  name: "metered-json-c32",
  path: chatPath,
  connections: 32,
  bars: [{ subject: "metered", figure, atMost: 0.9, of: "ratio" }],
  subjects: ["bare", "unmetered", "metered"],
});

/** The same, and bodies are logged: packed, written and indexed. */
export const loggedJsonC32: Profile = jsonProfile({
  name: "logged-json-c32",
  path: chatPath,
  connections: 32,
  bars: [{ subject: "logged", figure, atMost: 1.1, of: "ratio" }],
  subjects: ["bare", "metered", "logged"],
});
