/** URLs that stand in messages of the runtime: they can hold user names, and keys in their queries. */
const url = /\b(?:https?|wss?):\/\/[^\s"'`<>)\]]*/gi;

/** An error for the log: its stack where it has one, without any URL. */
export function causeText(cause: unknown): string {
  const text = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  return text.replace(url, "<url>");
}
