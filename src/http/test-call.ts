import { Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import { GatewayError } from "../core/errors.ts";
import type { Entrance } from "../core/types.ts";
import { pathOf } from "../gateway/parse-target.ts";
import { type AdminDeps, adminAuth } from "./admin-auth.ts";
import { adminPathTest } from "./admin-paths.ts";
import { adminRoute } from "./operation.ts";
import { choose } from "./test-key.ts";
import { readOrder, requestOf } from "./test-request.ts";
import { type TesterDeps, trialEvents } from "./test-stream.ts";

/** `POST /ui/test`: a call through the data plane itself, and all about it while it runs. */
export const testCall = (admin: AdminDeps, tester: TesterDeps) =>
  new Elysia({ name: "test-call" }).use(adminAuth(admin)).post(
    "/ui/test",
    ({ request }) => {
      const order = readOrder(request);
      const { rootPath, keys } = admin.rules();
      const leaving = new AbortController();
      const key = choose(order.key ?? { kind: "none" }, admin.book);
      const call = requestOf(order, {
        outer: request,
        key: key.shown,
        keyHeader: keys.keyHeader,
        signal: leaving.signal,
      });
      refuseOwnPaths(call, rootPath);
      const held = {
        hold: () => admin.entrance.hold(request),
        release: () => admin.entrance.release(request),
      };
      const entrance = entranceOf(admin.entrance, request);
      const trial = { call, key, entrance, leaving, left: request.signal, ...held };
      return new Response(trialEvents(trial, tester), { headers: replyHeaders });
    },
    adminRoute(tried),
  );

const replyHeaders = {
  "content-type": "application/x-ndjson",
  "cache-control": "no-store",
  "x-accel-buffering": "no",
  "x-content-type-options": "nosniff",
};

/** The admin API is no part of the data plane, also where a route takes every path. */
function refuseOwnPaths(call: Request, rootPath: string): void {
  if (!adminPathTest(rootPath)(pathOf(call.url))) return;
  const detail = "It belongs to the admin API, which is not tried out here.";
  throw new GatewayError("route_not_found", { detail });
}

/** The admin's own: the same address, by the same way. The connection is held by the test, not by its call. */
function entranceOf(own: Entrance, outer: Request): Entrance {
  return { ...own, addressOf: () => own.addressOf(outer), hold: () => {}, release: () => {} };
}

const tried = {
  tag: "operations",
  summary: "Try out a call",
  description:
    "The request's body is the call's; x-tollgate-test is base64url of JSON: method, path, headers as [name, value], key ({kind: none | master | key with id | text with key}), tag. A call like any other, with its row and its cost. The reply is lines of JSON while it runs: sent, head, chunk, cut, end.",
  reply: Type.Object({ type: Type.String(), at_ms: Type.Number() }),
};
