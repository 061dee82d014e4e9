import { expect, test } from "bun:test";
import { maskedSettings } from "../../src/core/endpoint-secrets.ts";
import { codeOf } from "../keys/book.ts";
import { secretSettings, testBooks } from "./book.ts";

/** The settings after a change of an endpoint that has all kinds of secrets. */
function changed(changes: Readonly<Record<string, unknown>>, before: object = {}) {
  using place = testBooks();
  const { book } = place.open();
  book.create("x", { ...secretSettings, ...before }, "me");
  return book.change("x", changes, 1, "me").settings;
}

test("what is shown and sent back whole changes nothing", () => {
  expect(changed(maskedSettings(secretSettings))).toEqual(secretSettings);
});

test("members are replaced one by one; null takes one out", () => {
  const settings = changed({ path: "/other", default_query_params: null, cost_per_request: 1 });

  expect(settings).toEqual({
    path: "/other",
    target: secretSettings.target,
    headers: secretSettings.headers,
    cost_per_request: 1,
  });
});

test("headers are replaced as a whole; a mask keeps the value of its name in any case", () => {
  const { headers } = changed({ headers: { AUTHORIZATION: "********1234", "x-new": "new" } });

  expect(headers).toEqual({ AUTHORIZATION: "Bearer header-secret-1234", "x-new": "new" });
});

test("a mask keeps what is no text as it was", () => {
  expect(changed({ headers: { "x-number": "********9012" } })["headers"]).toEqual({
    "x-number": 123_456_789_012,
  });
});

test("of a target the path may change beside a masked parameter", () => {
  const { target } = changed({ target: "https://api.example.com/v2?key=********9999&n=1" });

  expect(target).toBe("https://api.example.com/v2?key=target-secret-9999&n=1");
});

test("a secret in a target is seen behind another spelling of its name", () => {
  const target = "https://a.example.com/?%6Bey=encoded-secret-1&a=b#f";

  expect(maskedSettings({ target })["target"]).toBe(
    "https://a.example.com/?%6Bey=********et-1&a=b#f",
  );
});

test("a target without a secret is shown as it is; whatever stands before an @ is not", () => {
  expect(maskedSettings({ target: "https://a.example.com/x?page=2" })["target"]).toBe(
    "https://a.example.com/x?page=2",
  );
  expect(maskedSettings({ target: "https://me:secret@a.example.com/" })["target"]).toBe(
    "https://********@a.example.com/",
  );
});

test.each([
  { headers: { authorization: "********0000" } },
  { headers: { other: "********1234" } },
  { default_query_params: { TOKEN: "********abcd" } },
  { target: "https://api.example.com/?key=********0000" },
  { target: "https://api.example.com/?api_key=********9999" },
])("the mask of no secret that is kept is refused: %j", (changes) => {
  expect(codeOf(() => changed(changes))).toContain("is masked, and none is kept here");
});

test("a new endpoint takes no mask: it would be sent upstream", () => {
  using place = testBooks();
  const { book } = place.open();

  const refusal = codeOf(() => book.create(null, maskedSettings(secretSettings), "me"));

  expect(refusal).toContain("is masked, and none is kept here");
  expect(refusal).not.toContain("1234");
});

test("a name like __proto__ is a name like any other", () => {
  const headers = JSON.parse('{"__proto__":"proto-secret-77","constructor":"other-secret-88"}');
  using place = testBooks();
  place.open().book.create("x", { ...secretSettings, headers }, "me");

  const kept = place.open().book.find("x")?.settings["headers"];

  expect(JSON.stringify(kept)).toBe(JSON.stringify(headers));
  expect(place.bytes()).not.toContain("proto-secret");
});
