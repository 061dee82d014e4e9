import { expect, test } from "bun:test";
import { changedMeanwhile } from "../../src/ui/pages/routes/conflict.ts";
import { placeFaults } from "../../src/ui/fault-places.ts";
import { newRoute, type RouteValues, valuesOf } from "../../src/ui/pages/routes/form-state.ts";
import { localFaults } from "../../src/ui/pages/routes/local-faults.ts";

const schema = {
  fields: [
    { name: "rpm_limit", description: "", type: "integer", minimum: 1 },
    { name: "timeout", description: "", type: "number", exclusive_minimum: 0, maximum: 100 },
  ],
  providers: [],
};

function faultsOf(changes: Partial<RouteValues>, stored: RouteValues | null = null) {
  const whole = { ...newRoute(), path: "/bria", target: "https://a.example", ...changes };
  return localFaults(whole, stored, schema);
}

test("a route with a path and a target is sound", () => {
  expect(faultsOf({})).toEqual({});
});

test.each([
  ["path", { path: "" }],
  ["path", { path: "/a b" }],
  ["path", { path: "/a/../b" }],
  ["path", { path: "/a/%2E%2e" }],
  ["path", { path: "/a//b" }],
  ["target", { target: "" }],
  ["target", { target: "api.example.com" }],
  ["target", { target: "ws://a.example" }],
  ["target", { target: "https://user:word@a.example" }],
  ["target", { target: "https://a.example/#x" }],
  ["target", { target: "tollgate://other" }],
  ["target", { target: "********3456" }],
  ["headers", { headers: [{ name: "", value: "x" }] }],
  ["headers", { headers: [{ name: "a b", value: "x" }] }],
  [
    "headers",
    {
      headers: [
        { name: "A", value: "x" },
        { name: "a", value: "y" },
      ],
    },
  ],
  ["headers", { headers: [{ name: "api_token", value: "********3456" }] }],
  ["budget_duration", { budget_duration: "a month", max_budget: 1 }],
  ["budget_duration", { budget_duration: "30d" }],
  ["rpm_limit", { rpm_limit: 0 }],
  ["rpm_limit", { rpm_limit: 1.5 }],
  ["timeout", { timeout: 0 }],
  ["timeout", { timeout: 101 }],
  ["usage", { usage: "{" }],
  ["prices", { prices: "[]" }],
  ["log", { log: "bodies", log_sample: 2 }],
  ["id", { id: "a/b" }],
] as const)("%s is at fault, and nothing else is", (name, changes) => {
  expect(Object.keys(faultsOf(changes))).toEqual([name]);
});

test("a stored secret may stay, and may not move to another name", () => {
  const pair = { name: "api_token", value: "********3456", stored: "********3456" };
  const stored = { ...newRoute(), headers: [pair], target: "********abcd" };
  const kept = { headers: [pair], target: "********abcd" };

  expect(faultsOf(kept, stored)).toEqual({});
  expect(faultsOf({ ...kept, headers: [{ ...pair, name: "other" }] }, stored)).toEqual({
    headers: "Enter the value of other again: a stored one cannot be moved.",
  });
});

test("sentences of a refusal stand at the settings that they name", () => {
  const sentences = [
    "path: /key/generate belongs to the admin API.",
    "Choose another path.",
    "headers.a b: this is not a header name.",
    "target is missing.",
    "tls.ca: only an endpoint of the file may have tls.ca.",
    "nobody: knows this.",
  ];

  expect(placeFaults(sentences, ["path", "headers", "target", "tls"])).toEqual({
    faults: {
      path: "/key/generate belongs to the admin API. Choose another path.",
      headers: "a b: this is not a header name.",
      target: "This is needed.",
      tls: "ca: only an endpoint of the file may have tls.ca.",
    },
    others: ["nobody: knows this."],
  });
});

test("a name out of an object's own members is no setting", () => {
  const { faults, others } = placeFaults(["constructor: x."], ["path"]);

  expect(faults).toEqual({});
  expect(others).toEqual(["constructor: x."]);
});

test("of a conflict it is told what changed, and what both changed", () => {
  const base = { path: "/a", rpm_limit: 1, target: "https://a.example" };
  const mine = { ...base, target: "https://mine.example" };
  const theirs = { path: "/a", target: "https://theirs.example", log: "bodies" };

  expect(changedMeanwhile(base, mine, theirs)).toEqual([
    { name: "rpm_limit", before: "1", now: "not set", isContested: false, mine: null },
    {
      name: "target",
      before: "https://a.example",
      now: "https://theirs.example",
      isContested: true,
      mine: "https://mine.example",
    },
    { name: "log", before: "not set", now: "bodies", isContested: false, mine: null },
  ]);
});

test("values of a route hold no settings that nobody knows", () => {
  expect(Object.keys(valuesOf({ strange: 1 }))).not.toContain("strange");
});
