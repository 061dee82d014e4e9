import type { Refusal } from "./json-request.ts";

/** A refusal as OpenAI's API words it. */
export function refuseAsOpenAi({ status, message, param }: Refusal): Response {
  return Response.json(
    { error: { message, type: "invalid_request_error", param, code: null } },
    { status },
  );
}
