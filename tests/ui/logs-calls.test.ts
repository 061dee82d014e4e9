import { expect, test } from "bun:test";
import type { LogReply } from "../../src/ui/replies.ts";
import { addsUp, fraction, nanoSum, rateText } from "../../src/ui/pages/logs/cost-lines.ts";
import { exportWay, fileName, rowCounter } from "../../src/ui/pages/logs/export-rows.ts";
import { neighbourOf } from "../../src/ui/pages/logs/neighbours.ts";
import { mergeTail, tailStart } from "../../src/ui/pages/logs/tail.ts";
import { spansOf } from "../../src/ui/pages/logs/timing.ts";
import { unitWords } from "../../src/ui/units.ts";

const minute = (at: number) => `2026-11-21T12:${String(at).padStart(2, "0")}:00.000Z`;
const call = (id: string, at: number): LogReply => ({
  ...plainCall,
  request_id: id,
  startTime: minute(at),
});
const ids = (calls: readonly LogReply[]) => calls.map(({ request_id: id }) => id).join("");

const plainCall: LogReply = {
  request_id: "",
  call_type: "pass_through_endpoint",
  api_key: "",
  spend: null,
  total_tokens: null,
  prompt_tokens: null,
  completion_tokens: null,
  startTime: minute(0),
  endTime: minute(0),
  completionStartTime: null,
  request_duration_ms: 100,
  model: "unknown",
  model_id: "",
  model_group: "",
  custom_llm_provider: null,
  api_base: "",
  user: "",
  metadata: {},
  cache_hit: "False",
  cache_key: null,
  request_tags: [],
  team_id: null,
  end_user: null,
  requester_ip_address: null,
  messages: {},
  response: {},
  status: "success",
  estimated: false,
  route: "/r",
  method: "POST",
  http_status: 200,
  bytes_in: 0,
  bytes_out: 0,
  provider: null,
  usage: null,
  unpriced: null,
  first_byte_ms: null,
  overhead_ms: null,
  stream: false,
  user_agent: null,
};

test("the tail asks for what began since shortly before the newest call", () => {
  const rows = [call("a", 3), call("b", 9), call("c", 5)];

  expect(tailStart(rows, null)).toBe("2026-11-21T12:08:40.000Z");
  expect(tailStart(rows, minute(9))).toBe(minute(9));
  expect(tailStart([], minute(1))).toBe(minute(1));
  expect(tailStart([], null)).toBeNull();
});

test("the tail's calls come on top, none twice, and no more than a page", () => {
  const page = [call("c", 3), call("b", 2), call("a", 1)];
  const tail = [call("d", 4), { ...call("c", 3), http_status: 500 }];

  const merged = mergeTail(page, tail, 3);

  expect(ids(merged)).toBe("dcb");
  expect(merged[1]?.http_status).toBe(500);
});

test("the neighbour is the next one of the list, also among calls of one millisecond", () => {
  const rows = [call("a", 1), call("b", 1), call("c", 1)];

  expect(neighbourOf(rows, "b")?.request_id).toBe("c");
  expect(neighbourOf(rows, "c")).toBeNull();
});

test("a call's time is its gateway's, the wait for the first byte, and the rest", () => {
  const timed = {
    first_byte_ms: 30,
    request_duration_ms: 100,
    overhead_ms: 5,
  };

  const spans = spansOf(timed);

  expect(spans.map(({ id, ms }) => [id, ms])).toEqual([
    ["gateway", 5],
    ["first", 25],
    ["rest", 70],
  ]);
  expect(spans.map(({ from }) => from)).toEqual([0, 0.05, 0.3]);
});

test("what is not known of a call's time is left out", () => {
  const refused = {
    first_byte_ms: null,
    request_duration_ms: 0,
    overhead_ms: null,
  };

  expect(spansOf(refused)).toMatchObject([{ id: "rest", ms: 0, share: 0 }]);
});

const line = {
  unit: "input",
  count: 3,
  usd_per: 0.0375,
  per: 1_000_000,
  usd: 1.125e-7,
  above: null,
  source: "x/y",
};
const cost = {
  total_usd: null,
  booked_usd: 2.25e-7,
  adds_up: true,
  basis: "usage",
  estimated: false,
  note: "",
};

test("lines with fractions of a nano-dollar make what was booked, rounded once", () => {
  const lines = [line, { ...line, unit: "output" }];

  expect(nanoSum(lines)).toBe(225);
  expect(addsUp({ ...cost, lines })).toBe(true);
  expect(addsUp({ ...cost, lines, booked_usd: 2.26e-7 })).toBe(false);
  expect(addsUp({ ...cost, lines: [] })).toBe(false);
});

test("prices are told for as many as they are for", () => {
  expect(rateText(line)).toBe("$0.0375 per 1,000,000");
  expect(rateText({ ...line, per: 1, usd_per: 0.002, above: 200_000 })).toBe(
    "$0.002 each, above 200,000 input tokens",
  );
  expect(fraction(1.125e-7)).toBe("$0.0000001125");
  expect(fraction(0)).toBe("$0.00");
  expect([unitWords("input"), unitWords("annotated_pages"), unitWords("odd_unit")]).toEqual([
    "Input tokens",
    "Annotated pages",
    "Odd unit",
  ]);
});

test("calls of an export are counted as they come, whatever its cells hold", () => {
  const encoder = new TextEncoder();
  const lines = rowCounter("jsonl");
  const csv = rowCounter("csv");

  expect([lines(encoder.encode('{"a":1}\n{"b')), lines(encoder.encode('":2}\n'))]).toEqual([1, 2]);
  expect(csv(encoder.encode("id,model\r\n"))).toBe(0);
  expect(csv(encoder.encode('1,"two\nli'))).toBe(0);
  expect(csv(encoder.encode('nes ""x"""\r\n2,b\r\n'))).toBe(2);
});

test("an export goes through memory only where it fits", () => {
  expect([exportWay(10, false), exportWay(60_000, false), exportWay(null, false)]).toEqual([
    "memory",
    "link",
    "link",
  ]);
  expect(exportWay(null, true)).toBe("file");
  expect(fileName('attachment; filename="calls-1Z.csv"', "csv")).toBe("calls-1Z.csv");
  expect(fileName('attachment; filename="../../x"', "jsonl")).toBe("calls.jsonl");
});
