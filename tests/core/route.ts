import { noLimits } from "../../src/core/limits.ts";
import type { Route } from "../../src/core/routes.ts";

/** A route to nowhere, with what a test is about. */
export function route(parts: Partial<Route> & Pick<Route, "path">): Route {
  return {
    id: parts.path,
    owner: "config",
    includeSubpath: false,
    methods: null,
    target: { origin: "http://h", path: "/", query: "" },
    label: "http://h/",
    toldTarget: "http://h/",
    auth: "anyone",
    carriesCredentials: false,
    callerKeyHeader: null,
    keyFromBasic: false,
    headers: {
      forward: false,
      fixed: {},
      fixedNames: new Set(),
      ownCredential: false,
      langfuse: false,
    },
    query: { defaults: [], merge: false, credentialNames: new Set() },
    deadlines: {
      connectMs: 1_000,
      firstByteMs: 1_000,
      idleMs: 1_000,
      totalMs: null,
      clientIdleMs: 1_000,
    },
    maxBodyBytes: 1_000,
    limits: noLimits,
    costNanoUsd: null,
    metering: null,
    trustsUpstreamCost: false,
    requestsStreamUsage: false,
    drainsOnDisconnect: false,
    tellsCostInStreams: false,
    keepsRows: true,
    bodyLogging: null,
    transport: { proxy: null, tls: null, reach: null },
    ...parts,
  };
}
