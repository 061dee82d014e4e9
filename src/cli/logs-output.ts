/** Text for a reader who may leave at any moment. */
export interface Output {
  /** False once nobody reads any more; resolves when there is room again. */
  write(text: string): Promise<boolean>;
}

/** Writes to stdout; a pipe whose reader is gone (`| head`) is an end like any other. */
export function standardOutput(): Output {
  let isOver = false;
  process.stdout.on("error", () => (isOver = true)); // else it would be thrown where nobody waits for it
  return {
    write: (text) =>
      new Promise((resolve) => {
        if (isOver) return resolve(false);
        process.stdout.write(text, (error) => {
          if (error !== null && error !== undefined) isOver = true;
          resolve(!isOver);
        });
      }),
  };
}

/** Control characters of every kind, and what turns the direction of a text. */
// oxlint-disable-next-line no-control-regex
const obeyed = /[\0-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** A text that clients may have chosen, on one line: a terminal obeys control characters, wherever they come from. */
export function oneLine(text: string): string {
  return text.replace(obeyed, "?");
}

/** The same with its own lines and tabs. */
export function manyLines(text: string): string {
  return text
    .replaceAll("\r\n", "\n")
    .replace(obeyed, (char) => (char === "\n" || char === "\t" ? char : "?"));
}

/** JSON on one line, with nothing in it that a terminal obeys. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value).replace(
    obeyed,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
