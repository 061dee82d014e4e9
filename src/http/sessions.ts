import { Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import { GatewayError } from "../core/errors.ts";
import { withoutScheme } from "../core/key.ts";
import { isLoopback } from "../core/loopback.ts";
import { version } from "../version.ts";
import { type AdminDeps, adminAuth, callerOfKey, checkEntrance } from "./admin-auth.ts";
import { adminRoute, operation } from "./operation.ts";
import { nullable, Time, timeText } from "./payer-shape.ts";
import { readFields } from "./read-request.ts";
import { checkSameOrigin } from "./same-origin.ts";
import type { Session, Sessions } from "./session-book.ts";
import { sessionCookieLine, shownSession, speaksTls } from "./session-request.ts";

/**
 * `/ui/session`: whether this browser is signed in, signing in and out. `/ui/sessions`: all that are, and an end to
 * all of them. `rootPath`: `SERVER_ROOT_PATH`.
 */
export const sessions = (deps: AdminDeps, rootPath: string) =>
  new Elysia({ name: "sessions" })
    .use(adminAuth(deps))
    .get("/ui/session", ({ request }) => reply(stateOf(request, deps, rootPath)), {
      openToAll: true,
      detail: operation({ ...state, access: "none" }),
    })
    .post("/ui/session", ({ request }) => signIn(request, deps), {
      openToAll: true,
      parse: "none",
      detail: operation({ ...signingIn, access: "none" }),
    })
    .delete("/ui/session", ({ request }) => signOut(request, deps), {
      openToAll: true,
      parse: "none",
      detail: operation({ ...signingOut, access: "none" }),
    })
    .get(
      "/ui/sessions",
      ({ request }) => {
        const own = shownSession(request, deps)?.session.id;
        const all = needed(deps).list();
        return reply({ sessions: all.map((session) => shown(session, session.id === own)) });
      },
      adminRoute(listing),
    )
    .delete(
      "/ui/sessions",
      ({ request, actor }) => {
        needed(deps).closeAll(actor);
        return bare(sessionCookieLine(null, request, deps));
      },
      adminRoute(closing),
    );

function stateOf(request: Request, deps: AdminDeps, rootPath: string) {
  const session = shownSession(request, deps)?.session ?? null;
  const hasMasterKey = deps.masterKey() !== null;
  const { entrance } = deps;
  const loopback = entrance.onLoopback && isLoopback(entrance.addressOf(request));
  return {
    signed_in: session !== null,
    actor: session?.actor ?? null,
    expires_at: session === null ? null : timeText(session.expiresAt),
    has_master_key: hasMasterKey,
    first_run: hasMasterKey ? null : { loopback },
    version,
    root_path: rootPath,
  };
}

/** Signing in is guarded like a change: a page of elsewhere could sign its reader in as somebody it knows. */
async function signIn(request: Request, deps: AdminDeps): Promise<Response> {
  const open = needed(deps);
  checkSameOrigin(request, speaksTls(request, deps));
  if (deps.masterKey() === null) throw new GatewayError("key_unavailable");
  const token = withoutScheme((await readFields(request, SignIn)).key);
  const address = checkEntrance(request, deps);
  deps.failures.check(address); // before the look-up: else a right guess would be told at once, however many went before
  const caller = callerOfKey(token, address, deps);
  if (!caller.isAdmin) throw new GatewayError("admin_only");
  const before = shownSession(request, deps);
  if (before !== null) open.close(before.token);
  const userAgent = request.headers.get("user-agent") ?? "";
  return bare(sessionCookieLine(open.open({ token, key: caller.key, userAgent }), request, deps));
}

/** Also for a browser whose session is over already. */
function signOut(request: Request, deps: AdminDeps): Response {
  checkSameOrigin(request, speaksTls(request, deps));
  const own = shownSession(request, deps);
  if (own !== null) needed(deps).close(own.token);
  return bare(sessionCookieLine(null, request, deps));
}

/** Who comes in without a key has no browser. */
function needed({ sessions: book }: AdminDeps): Sessions {
  if (book === null) throw new GatewayError("not_found");
  return book;
}

function shown(session: Session, current: boolean) {
  return {
    id: session.id,
    actor: session.actor,
    created_at: timeText(session.createdAt),
    seen_at: timeText(session.seenAt),
    expires_at: timeText(session.expiresAt),
    user_agent: session.userAgent,
    current,
  };
}

/** Never kept by a browser or a proxy: who is signed in changes. */
const unkept = { "cache-control": "no-store" };

function reply(body: object): Response {
  return Response.json(body, { headers: unkept });
}

function bare(cookie: string): Response {
  return new Response(null, { status: 204, headers: { ...unkept, "set-cookie": cookie } });
}

const SignIn = Type.Object({
  key: Type.String({ description: "The master key or an admin key.", maxLength: 4096 }),
});

const state = {
  tag: "page",
  summary: "Whether this browser is signed in",
  reply: Type.Object({
    signed_in: Type.Boolean(),
    actor: nullable(Type.String({ description: "`master key`, or the admin key's id." })),
    expires_at: nullable(Time),
    has_master_key: Type.Boolean({ description: "Without one nobody can sign in." }),
    first_run: nullable(
      Type.Object(
        { loopback: Type.Boolean({ description: "Asked by somebody at this machine." }) },
        { description: "Where there is no master key." },
      ),
    ),
    version: Type.String(),
    root_path: Type.String({ description: "`SERVER_ROOT_PATH`." }),
  }),
};

const signingIn = {
  tag: "page",
  summary: "Sign this browser in",
  description: "Answered with 204 and a cookie. Needs the header `x-tollgate-page: 1`.",
  body: SignIn,
};

const signingOut = {
  tag: "page",
  summary: "Sign this browser out",
  description: "Answered with 204. Needs the header `x-tollgate-page: 1`.",
};

const listing = {
  tag: "page",
  summary: "Browsers that are signed in",
  description: "The last seen comes first.",
  reply: Type.Object({
    sessions: Type.Array(
      Type.Object({
        id: Type.String(),
        actor: Type.String(),
        created_at: Time,
        seen_at: Time,
        expires_at: Time,
        user_agent: Type.String(),
        current: Type.Boolean({ description: "The one that asks." }),
      }),
    ),
  }),
};

const closing = {
  tag: "page",
  summary: "Sign all browsers out",
  description: "Answered with 204.",
};
