import type { Tally } from "./tally.ts";

/**
 * Shows the message of one frame: its lines of data, joined, with the name of the event. False where that begins as
 * JSON and is none; data that is plain text, and the `[DONE]` of OpenAI, are nothing to be shown.
 */
export function showSse(frame: string, tally: Tally): boolean {
  let event: string | null = null;
  const data: string[] = [];
  for (const line of frame.split(/\r\n|\r|\n/)) {
    if (line.startsWith("data:")) data.push(valueOf(line, 5));
    else if (line.startsWith("event:")) event = valueOf(line, 6);
  }
  if (data.length === 0) return true;
  return showSseData(data.join("\n"), event, tally);
}

/** Counts a message, and shows it where it is JSON. */
function showSseData(data: string, event: string | null, tally: Tally): boolean {
  const first = /\S/.exec(data)?.[0];
  if (first === "[" && data.trim() === "[DONE]") return true;
  tally.messages += 1;
  return (first !== "{" && first !== "[") || tally.show(data, event);
}

function valueOf(line: string, from: number): string {
  return line.slice(line[from] === " " ? from + 1 : from);
}
