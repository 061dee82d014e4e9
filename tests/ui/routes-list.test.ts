import { expect, test } from "bun:test";
import { curlToCall, curlToChange } from "../../src/ui/curl.ts";
import { routeHref, routeIdOf } from "../../src/ui/hrefs.ts";
import { found, hoursText, rowsOf } from "../../src/ui/pages/routes/list-rows.ts";

const made = {
  id: "bria",
  path: "/bria",
  target: "https://engine.prod.bria-api.com",
  include_subpath: true,
  is_from_config: false,
  auth: true,
  methods: null,
  enabled: true,
};
const ofFile = {
  id: "POST /v1/rerank",
  path: "/v1/rerank",
  target: "https://api.cohere.com/v1/rerank",
  is_from_config: true,
  config_file: "/etc/tollgate/config.yaml",
  config_line: 12,
  auth: null,
  methods: ["POST"],
  enabled: false,
  unset: ["COHERE_API_KEY"],
};
const activity = {
  id: "bria",
  calls: 3,
  failed: 1,
  unpriced: 2,
  spend: 0.04,
  p95_ms: 12,
  hours: [0, 2, 1],
  hour_start: "2026-01-01T00:00:00.000Z",
};

test("a row says who made the route, who may call it, and what was called of it", () => {
  const [first, second] = rowsOf([made, ofFile], [activity]);

  expect(first).toMatchObject({
    shownPath: "/bria/…",
    methods: "all",
    auth: "key",
    ownerText: "made here",
    off: null,
    activity,
  });
  expect(second).toMatchObject({
    shownPath: "/v1/rerank",
    methods: "POST",
    ownerText: "config.yaml:12",
    off: "off: COHERE_API_KEY not set",
    activity: null,
  });
});

test.each([
  ["", 2],
  ["BRIA", 1],
  ["cohere rerank", 1],
  ["post /v1", 1],
  ["config.yaml", 1],
  ["cohere bria", 0],
] as const)("the search %p finds %d", (text, amount) => {
  expect(found(rowsOf([made, ofFile], []), text)).toHaveLength(amount);
});

test("the picture of a day is told in words", () => {
  expect(hoursText([0, 2, 1], String)).toBe(
    "3 answered calls in the last 24 hours, at most 2 in one of them",
  );
  expect(hoursText([0, 1], String)).toStartWith("1 answered call in the last 24 hours");
  expect(hoursText([0, 0], String)).toBe("No answered calls in the last 24 hours");
});

test.each(["bria", "POST /v1/rerank", "/a%20b", "new", "ü ?#", "%"])(
  "the page of %p leads back to it",
  (id) => {
    expect(routeIdOf(new URL(`/root/ui${routeHref(id)}`, "http://h").pathname)).toBe(id);
  },
);

test("the page for a new route has no id", () => {
  expect(routeIdOf("/ui/routes/new")).toBeNull();
});

const callable = {
  path: "/acme",
  target: "https://api.acme.example",
  methods: [],
  include_subpath: true,
  auth: true,
  custom_auth_parser: "",
};

test("a call from the shell names the key and the path to fill in", () => {
  expect(curlToCall(callable, "http://h:4000")).toBe(
    [
      "curl -i -X POST 'http://h:4000/acme/PATH_OF_THE_API'",
      "-H 'Authorization: Bearer YOUR_KEY'",
      "-H 'Content-Type: application/json'",
      "-d '{}'",
    ].join(" \\\n  "),
  );
});

test("where the API is known its path, headers and body are told", () => {
  const target = "https://api.anthropic.com";
  const curl = curlToCall({ ...callable, target }, "http://h");

  expect(curl).toStartWith("curl -i -X POST 'http://h/acme/v1/messages'");
  expect(curl).toContain("-H 'anthropic-version: 2023-06-01'");
  expect(curl).toContain('-d \'{"model":"claude-haiku-4-5",');
  const own = { "Anthropic-Version": "2024-01-01" };
  expect(curlToCall({ ...callable, target, headers: own }, "http://h")).not.toContain("2023-06-01");
});

test("no quote in a path ends the word of the shell", () => {
  const curl = curlToCall({ ...callable, path: "/a'; rm -rf x; '" }, "http://h");

  expect(curl).toStartWith("curl -i -X POST 'http://h/a'\\''; rm -rf x; '\\''/PATH_OF_THE_API'");
});

test("where anyone may call no key is asked for, and a GET has no body", () => {
  const open = { ...callable, auth: false, methods: ["GET"], include_subpath: false };

  expect(curlToCall(open, "http://h")).toBe("curl -i -X GET 'http://h/acme'");
});

test("a change from the shell keeps its body in one word", () => {
  expect(curlToChange("http://h:4000/gateway", "/team/new", { team_alias: "it's" })).toBe(
    [
      "curl -X POST 'http://h:4000/gateway/team/new'",
      "-H 'Authorization: Bearer YOUR_MASTER_KEY'",
      "-H 'Content-Type: application/json'",
      `-d '{"team_alias":"it'\\''s"}'`,
    ].join(" \\\n  "),
  );
});
