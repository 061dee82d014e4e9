import { expect, test } from "bun:test";
import { openMeter } from "../../src/metering/meter.ts";
import { watch } from "./watching-fold.ts";

const json = "application/json";
const events = "text/event-stream";

/** What a reply begins with, and what it then repeats. */
const endless: Readonly<
  Record<string, readonly [contentType: string, start: string, rest: string]>
> = {
  "numbers in a list": [json, '{"data":[', "0.1234567,"],
  "objects in a list": [json, '{"data":[', '{"usage":"\\\\"},'],
  "members of an object": [json, "{", '"usage":{},'],
  "one string": [json, '{"a":"', 'usage\\" '],
  "one number": [json, '{"a":', "1234567890"],
  blanks: [json, "{", " \n\t "],
  "lists in lists": [json, "{", '"a":[['],
  "names in names": [json, "", `{"${"k".repeat(3_000)}":`],
  "strings without an object": [json, "", '"usage" '],
  "strings without a comma": [json, "{", '"usage" "]}" '],
  "words that are no JSON": [json, "", "<p>usage</p>"],
  "messages in a list": [json, "[", '{"usage":{}},'],
  "an event without an end": [events, "data: ", '{"usage":"'],
  "an event of lines": [events, "", "data: 1\r\n"],
  "a name without an end": [events, "", "usage"],
  "the name of an event": [events, "event: ", "usage"],
  "a line without an end": ["application/x-ndjson", "", '{"usage":'],
};

test.each(Object.entries(endless))(
  "%s, without end: no memory is kept",
  (_, [contentType, start, rest]) => {
    const fold = { ...watch("usage"), add: () => {} };
    const meter = openMeter(fold, { contentType, contentEncoding: "" });
    const chunk = Buffer.alloc(64 * 1024, rest);
    meter.chunk(Buffer.from(start));
    const turn = () => {
      for (let sent = 0; sent < 4e6; sent += chunk.length) meter.chunk(chunk);
      return process.memoryUsage().arrayBuffers;
    };

    const before = turn();
    let after = before;
    for (let turns = 0; turns < 4; turns += 1) after = turn();

    expect(after - before).toBeLessThan(4e6);
    meter.end();
  },
);
