import { JsonScanner } from "./json-scanner.ts";
import { Pace } from "./pace.ts";
import type { Reader } from "./reader.ts";
import type { Tally } from "./tally.ts";

/**
 * One JSON document of any length, as it comes: it is shown shortened (see `JsonScanner`). Of a list at the top, which
 * is how Gemini streams by default, each object is a message of its own, shown as soon as it is there.
 */
export function openJsonDocument(markers: readonly string[], tally: Tally): Reader {
  const show = (json: string) => {
    if (!tally.show(json, null)) tally.isUnparsed = true;
  };
  const pace = new Pace<string>(tally, show);
  const scanner = new JsonScanner(markers, true, (json) => {
    tally.messages += 1;
    if (json === null) return;
    if (pace.admits()) show(json);
    else pace.postpone(json);
  });
  return {
    chunk: (bytes) => {
      scanner.write(bytes, 0, bytes.length);
      pace.flush();
    },
    end: () => {
      const isCut = scanner.isOpen && tally.messages === 0;
      if (isCut || scanner.isBroken) tally.isUnparsed = true;
    },
  };
}
