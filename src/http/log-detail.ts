import { Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import type { BodyReader, LoggedBodies, LoggedBody } from "../core/body-log.ts";
import { GatewayError } from "../core/errors.ts";
import { isDeeper } from "../core/nesting.ts";
import type { SpendReader } from "../core/spend.ts";
import { type AdminDeps, adminAuth } from "./admin-auth.ts";
import { asCurl } from "./as-curl.ts";
import { adminRoute } from "./operation.ts";
import { nullable } from "./payer-shape.ts";
import { LogShape, logShapes } from "./spend-shape.ts";

/** `GET /spend/logs/ui/{request_id}`: one call, with its bodies where they were logged; and as a curl command. */
export const logDetail = (deps: AdminDeps, reader: SpendReader, bodies: BodyReader | null) => {
  const rowOf = async (id: string): Promise<LogShape> => {
    const order = { by: "startedAt", descending: true } as const;
    const { items } = await reader.rows({ id }, order, { page: 1, size: 1 });
    const [shape] = logShapes(items, deps.book);
    if (shape === undefined) throw new GatewayError("not_found");
    return shape;
  };
  const bodiesOf = async (id: string) => (await bodies?.bodies(id)) ?? null;

  return new Elysia({ name: "log-detail" })
    .use(adminAuth(deps))
    .get(
      "/spend/logs/ui/:request_id",
      async ({ params, request }) => {
        const shape = await rowOf(params.request_id);
        const logged = await bodiesOf(params.request_id);
        const shown = logged === null ? {} : bodiesShape(logged, originOf(request));
        return Response.json({ ...shape, ...shown });
      },
      adminRoute(single),
    )
    .get(
      "/spend/logs/ui/:request_id/curl",
      async ({ params, request }) => {
        await rowOf(params.request_id);
        const logged = await bodiesOf(params.request_id);
        if (logged === null) {
          throw new GatewayError("not_found", { detail: "This call's bodies were not logged." });
        }
        const headers = {
          "content-type": "text/plain; charset=utf-8",
          "x-content-type-options": "nosniff",
        };
        return new Response(asCurl(logged, originOf(request)), { headers });
      },
      adminRoute(curl),
    );
};

function bodiesShape(logged: LoggedBodies, origin: string) {
  const { request, reply } = logged;
  return {
    messages: parsed(request.text),
    response: parsed(reply.assembled ?? reply.text),
    request: {
      method: logged.method,
      url: logged.url,
      headers: logged.requestHeaders,
      ...bodyShape(request),
    },
    reply: {
      status: logged.status,
      headers: logged.replyHeaders,
      ...bodyShape(reply),
      assembled: reply.assembled,
    },
    as_curl: asCurl(logged, origin),
  };
}

function bodyShape({ text, base64, bytes, isCut }: LoggedBody) {
  return { body: text, body_base64: base64, bytes, truncated: isCut };
}

/** Characters of JSON that are taken apart; a longer body is shown as it is. */
const longestParsed = 512 * 1024;

/** What a body says: JSON where it is, else its text; an empty object where there is neither. */
function parsed(text: string | null): unknown {
  if (text === null || text === "") return {};
  if (text.length > longestParsed) return text;
  try {
    const value: unknown = JSON.parse(text);
    return isDeeper(value) ? text : value;
  } catch {
    return text;
  }
}

/** Of this gateway, as the caller knows it; its control socket has none. */
function originOf({ headers }: Request): string {
  const host = headers.get("host") ?? "localhost";
  return `http://${host === "localhost" ? "localhost:4000" : host}`;
}

const Headers = Type.Record(Type.String(), Type.String());

const bodyFields = {
  body: nullable(
    Type.String({
      description: "Decoded, where it is text; [not kept: …] and why, where it is not.",
    }),
  ),
  body_base64: nullable(
    Type.String({ description: "The bytes as they passed, where they are not text." }),
  ),
  bytes: Type.Integer({ description: "That passed." }),
  truncated: Type.Boolean({ description: "Only the beginning was kept." }),
};

const DetailShape = Type.Composite([
  Type.Omit(LogShape, ["messages", "response"]),
  Type.Object({
    messages: Type.Unknown({ description: "The request's body: JSON, or a text." }),
    response: Type.Unknown({
      description: "The reply's body: JSON, or a text; a stream put together.",
    }),
    request: Type.Optional(
      Type.Object({ method: Type.String(), url: Type.String(), headers: Headers, ...bodyFields }),
    ),
    reply: Type.Optional(
      Type.Object({
        status: Type.Integer({ description: "0 where no reply came." }),
        headers: Headers,
        ...bodyFields,
        assembled: nullable(
          Type.String({ description: "What a stream says when it is put together." }),
        ),
      }),
    ),
    as_curl: Type.Optional(
      Type.String({ description: "Repeats the call; $TOLLGATE_KEY stands for secrets." }),
    ),
  }),
]);

const single = {
  tag: "spend",
  summary: "One call",
  description: "With its bodies where the route logs them (log: bodies).",
  reply: DetailShape,
};

const curl = {
  tag: "spend",
  summary: "One call, as a curl command",
  description: "As text, for a POSIX shell. $TOLLGATE_KEY stands for secrets.",
};
