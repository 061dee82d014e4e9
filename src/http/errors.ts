import { Elysia } from "elysia";
import { type ErrorCode, GatewayError } from "../core/errors.ts";
import { parseTarget } from "../gateway/parse-target.ts";

/** Elysia's own failures, in our terms. What is not listed is our bug, and says nothing of itself. */
const ours: Readonly<Record<string, ErrorCode>> = {
  NOT_FOUND: "route_not_found",
  PARSE: "request_invalid",
  VALIDATION: "request_invalid",
};

/**
 * Gives every error of every route one body, and keeps messages we did not write off the wire. What cannot be a
 * request's target is refused before any route is looked for.
 */
export const errors = (failed: (error: GatewayError, id: string) => void) =>
  new Elysia({ name: "errors" })
    .onRequest(({ request }) => checkPath(parseTarget(request.url).path))
    .onError({ as: "global" }, ({ code, error }) => {
      const mapped = ours[String(code)];
      const failure = mapped
        ? new GatewayError(mapped, { cause: error })
        : GatewayError.from(error);
      const id = Bun.randomUUIDv7();
      if (failure.fault === "gateway") failed(failure, id);
      return failure.toResponse(id);
    });

/** The framework gives a route null for a parameter that it cannot decode, whatever its type says. */
function checkPath(path: string): void {
  if (!path.includes("%")) return;
  try {
    decodeURIComponent(path);
  } catch {
    const detail = "The path is not percent-encoded UTF-8.";
    throw new GatewayError("request_invalid", { detail });
  }
}
