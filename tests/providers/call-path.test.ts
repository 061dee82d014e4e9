import { describe, expect, test } from "bun:test";
import { readingsOf } from "../../src/providers/call-path.ts";
import { formatNames, formatOf, formats } from "../../src/providers/index.ts";
import { callOf } from "./golden.ts";

test.each<readonly [path: string, ...readings: string[]]>([
  ["/v1/chat/completions", "/v1/chat/completions"],
  ["/", "/"],
  ["", ""],
  ["/v1/chat/completions//", "/v1/chat/completions"],
  ["//v1///responses/", "/v1/responses"],
  ["/v1/chat/completion%73", "/v1/chat/completions"],
  ["/models/g%3AgenerateContent;x=1", "/models/g:generateContent"],
  ["/v1;a/chat;b=c/completions;", "/v1/chat/completions"],
  ["/v1\\responses", "/v1/responses"],
  ["/V1/Chat", "/V1/Chat"],
  ["/a%2541/%zz/%E0", "/a%2541/%zz/%E0"],
  ["/v1/chat%2fcompletions", "/v1/chat%2Fcompletions", "/v1/chat/completions"],
  ["/model/arn%3Aa%2Fb/invoke", "/model/arn:a%2Fb/invoke", "/model/arn:a/b/invoke"],
  ["/x%252Fy", "/x%252Fy"],
])("%s is read as %s", (path, ...readings) => {
  expect(readingsOf(path)).toEqual(readings);
});

test("a path of more than 2 KiB is none", () => {
  expect(readingsOf(`/${"a".repeat(2047)}`)).toHaveLength(1);
  expect(readingsOf(`/${"a".repeat(2048)}`)).toEqual([]);
});

/** What searches might start again and again at. */
const pieces = [
  "/",
  "/a",
  "/model/",
  "/model/a/converse/",
  "/models/",
  "/models/a:",
  "/projects/a/locations/",
  "/publishers/a/models/b:",
  "/endpoints/a/",
  "/v1/",
  "/v1/openai/",
  "/threads/a/runs/b/",
  "/conversations/a/",
  "/libraries/a/documents/b/",
  "/files/",
  "/files/\n",
  "/videos/\n",
  "/messages/batches/",
  "/anthropic/messages/",
  "/organization/a/",
  "/accounts/a/ai/",
  "/accounts/a/ai/run/\n",
  "/v2/transcript/a/",
  "/connectors/a/",
  ":a",
  "%2F",
  "%2",
  ";",
  "\\",
];

describe("no path costs more than its length", () => {
  const read = formatNames.flatMap((name) => formatOf(name, "") ?? []);
  const all = [...formats, ...read, formatOf(null, "https://llm.example.com")].flatMap(
    (format) => format ?? [],
  );

  test.each(pieces)("%j, repeated", (piece) => {
    for (const format of all) {
      const spent = (length: number) => {
        const path = `${piece.repeat(length / piece.length)}!`;
        const call = callOf({ path: path.startsWith("/") ? path : `/${path}` });
        return leastMs(() => {
          format.fold(call);
          format.modelOfPath(call.path);
          format.countsTokens(call);
        });
      };

      const [short, long] = [spent(4_096), spent(8_192)];

      expect([format.id, long < 1 || long / short < 3]).toEqual([format.id, true]);
      expect([format.id, long < 5]).toEqual([format.id, true]);
    }
  });
});

/** The least of several: the machine may have other things to do. */
function leastMs(work: () => void): number {
  let least = Infinity;
  for (let turn = 0; turn < 20 && (turn < 2 || least > 0.2); turn += 1) {
    const start = performance.now();
    work();
    least = Math.min(least, performance.now() - start);
  }
  return least;
}
