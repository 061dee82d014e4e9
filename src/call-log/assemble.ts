import { saidBy } from "./said.ts";
import { streamMessages } from "./stream-messages.ts";

/**
 * What a stream of events says when it is put together: what belongs together in one paragraph, reasoning and calls
 * of tools under their names; data in no known format line by line. Null where the body is no stream.
 */
export function assemble(type: string, bytes: Uint8Array, text: string | null): string | null {
  const messages = streamMessages(type, bytes, text);
  if (messages === null) return null;
  const voices = new Map<string, string[]>();
  const rest: string[] = [];
  for (const message of messages) {
    const pieces = saidBy(message);
    for (const piece of pieces) {
      const told = voices.get(piece.voice);
      if (told === undefined) voices.set(piece.voice, [piece.text]);
      else told.push(piece.text);
    }
    if (pieces.length === 0) {
      rest.push(typeof message === "string" ? message : JSON.stringify(message));
    }
  }
  if (voices.size === 0) return rest.join("\n");
  return [...voices]
    .map(([voice, told]) => (voice.startsWith("text") ? "" : `[${wordOf(voice)}] `) + told.join(""))
    .join("\n\n");
}

function wordOf(voice: string): string {
  return voice.startsWith("tool") ? "tool" : "reasoning";
}
