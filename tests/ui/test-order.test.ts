import { expect, test } from "bun:test";
import { emptyBody } from "../../src/ui/pages/test/form.ts";
import { withBody } from "../../src/ui/pages/test/form-changes.ts";
import { faultsOf, headerOf, jsonFault, orderOf, sentPath } from "../../src/ui/pages/test/order.ts";
import { readOrder } from "../../src/http/test-request.ts";
import { formOf, postOf } from "./test-forms.ts";

function readBack(header: string) {
  return readOrder(new Request("http://h/", { headers: { "x-tollgate-test": header } }));
}

test("the gateway reads the order as it was typed", () => {
  const form = formOf({
    method: "POST",
    path: "/bria/v1/ein Bild?q=größe&x=1",
    headers: [
      { name: " X-One ", value: "  eins  " },
      { name: "", value: "" },
    ],
    key: { kind: "key", id: "k1", name: "alias" },
  });

  const order = readBack(headerOf(orderOf(form, null)));

  expect(order).toEqual({
    method: "POST",
    path: "/bria/v1/ein%20Bild?q=gr%C3%B6%C3%9Fe&x=1",
    headers: [["X-One", "eins"]],
    key: { kind: "key", id: "k1" },
  });
});

test("a header's value that is not Latin-1 goes as the bytes of its UTF-8", () => {
  const form = formOf({ headers: [{ name: "x-name", value: "日本 🚦" }] });

  const [pair] = readBack(headerOf(orderOf(form, null))).headers ?? [];

  expect(Buffer.from(pair?.[1] ?? "", "latin1").toString()).toBe("日本 🚦");
});

test("a form's own content type takes the place of a typed one", () => {
  const form = postOf("x", "text/plain");

  expect(orderOf(form, "multipart/form-data; boundary=b").headers).toEqual([
    ["content-type", "multipart/form-data; boundary=b"],
  ]);
});

test.each([
  ["/a b", "/a%20b"],
  ["http://127.0.0.1:4000/x/y?z", "/x/y?z"],
  ["https://host?z", "/?z"],
  ["/%2f//x", "/%2f//x"],
  ["/a\\b?c\\d", "/a%5Cb?c\\d"],
  ["/x?", "/x?"],
  ["/{a}|b", "/%7Ba%7D|b"],
])("%s is sent as %s, which the gateway takes", (typed, sent) => {
  expect(sentPath(typed)).toBe(sent);
  expect(readBack(headerOf(orderOf(formOf({ path: typed }), null))).path).toBe(sent);
});

test.each([
  [formOf({ path: "" }), "path"],
  [formOf({ path: "x" }), "path"],
  [formOf({ path: "/a#b" }), "path"],
  [formOf({ path: "/a/../b" }), "path"],
  [formOf({ path: "/a/%2e%2E" }), "path"],
  [formOf({ headers: [{ name: "a b", value: "" }] }), "headers"],
  [formOf({ headers: [{ name: "Host", value: "x" }] }), "headers"],
  [formOf({ headers: [{ name: "x", value: "a\nb" }] }), "headers"],
  [formOf({ headers: [{ name: "", value: "a" }] }), "headers"],
  [formOf({ method: "POST", body: { ...emptyBody, kind: "file" } }), "body"],
  [formOf({ key: { kind: "text", key: "" } }), "key"],
  [formOf({ key: { kind: "text", key: "a b" } }), "key"],
])("%# is told where it is wrong", (form, field) => {
  expect(Object.keys(faultsOf(form))).toEqual([field]);
});

test("a body that is not sent has no faults", () => {
  expect(faultsOf(formOf({ method: "GET", body: { ...emptyBody, kind: "file" } }))).toEqual({});
});

test("each kind of body suggests its content type, and what was typed by hand stays", () => {
  const typeOf = (form: ReturnType<typeof formOf>) =>
    form.headers.find(({ name }) => name === "content-type")?.value;
  const json = withBody(formOf({ method: "POST" }), { ...emptyBody, kind: "json" });
  const file = new File(["x"], "x.png", { type: "image/png" });

  expect(typeOf(json)).toBe("application/json");
  expect(typeOf(withBody(json, { ...emptyBody, kind: "text" }))).toBe("text/plain; charset=utf-8");
  expect(typeOf(withBody(json, { ...emptyBody, kind: "file", file }))).toBe("image/png");
  expect(typeOf(withBody(json, { ...emptyBody, kind: "form" }))).toBeUndefined();
  expect(typeOf(withBody(json, emptyBody))).toBeUndefined();
  const own = { ...json, headers: [{ name: "Content-Type", value: "application/x" }] };
  expect(withBody(own, { ...emptyBody, kind: "text" }).headers).toEqual(own.headers);
});

test("broken JSON is told and sound JSON is not", () => {
  expect(jsonFault('{"a": 1}')).toBeNull();
  expect(jsonFault("{a: 1}")).toBeString();
  expect(jsonFault(" ")).toBe("It is empty.");
});
