import type { Profile } from "../profile.ts";
import { jsonProfile } from "./json.ts";

const path = "/pt/json-1k";
const figure = "CPU/request";
const subjects = ["bare", "whole", "nginx", "tollgate", "governed"] as const;

/** What a call costs that anyone may make, and one with a key, limits and a flat cost. */
export const json: readonly Profile[] = [
  jsonProfile({
    name: "json-1k-c1",
    path,
    connections: 1,
    bars: [{ subject: "governed", figure, atMost: 1, of: "ratio" }],
    subjects,
  }),
  jsonProfile({
    name: "json-1k-c32",
    path,
    connections: 32,
    bars: [
      { figure, atMost: 0.7, of: "ratio" },
      { subject: "governed", figure, atMost: 0.8, of: "ratio" },
    ],
    subjects,
  }),
  jsonProfile({ name: "json-1k-c128", path, connections: 128, subjects }),
  jsonProfile({ name: "json-400k", path: "/pt/json-400k", connections: 8 }),
];
