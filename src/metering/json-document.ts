import { JsonScanner } from "./json-scanner.ts";
import type { Reader } from "./reader.ts";
import type { Tally } from "./tally.ts";

/**
 * One JSON document of any length, as it comes: it is shown shortened (see `JsonScanner`). Of a list at the top, which
 * is how Gemini streams by default, each object is a message of its own, shown as soon as it is there.
 */
export function openJsonDocument(markers: readonly string[], tally: Tally): Reader {
  const scanner = new JsonScanner(markers, true, (json) => {
    tally.messages += 1;
    if (json !== null && !tally.show(json, null)) tally.isUnparsed = true;
  });
  return {
    chunk: (bytes) => scanner.write(bytes, 0, bytes.length),
    end: () => {
      const isCut = scanner.isOpen && tally.messages === 0;
      if (isCut || scanner.isBroken) tally.isUnparsed = true;
    },
  };
}
