import type { LogReply } from "./replies.ts";

/** The code of an error of this gateway; null for what the upstream answered. */
export function errorCodeOf({ metadata }: Pick<LogReply, "metadata">): string | null {
  const told = metadata["error_information"];
  if (typeof told !== "object" || told === null || !("error_class" in told)) return null;
  return typeof told.error_class === "string" && told.error_class !== "" ? told.error_class : null;
}
