import { expect, test } from "bun:test";
import { type PreviewInput, previewOf, previewText } from "../../src/ui/pages/routes/preview.ts";

const base = "http://host:4000";

function preview(input: Partial<PreviewInput>) {
  const whole: PreviewInput = {
    path: "/bria",
    target: "https://engine.prod.bria-api.com",
    methods: [],
    include_subpath: true,
    merge_query_params: false,
    default_query_params: [],
    ...input,
  };
  return previewOf(whole, base);
}

function line(input: Partial<PreviewInput>): string {
  const found = preview(input);
  return found === null ? "nothing" : previewText(found);
}

test("a route with sub-paths says where they go, and where its own path goes", () => {
  const found = preview({});

  expect(found?.line).toEqual({
    from: "POST http://host:4000/bria/v1/…",
    to: "https://engine.prod.bria-api.com/v1/…",
  });
  expect(found?.bare).toEqual({
    from: "POST http://host:4000/bria",
    to: "https://engine.prod.bria-api.com/",
  });
});

test("without sub-paths only the path itself is said", () => {
  const target = "https://api.cohere.com/v1/rerank";
  const found = preview({ path: "/v1/rerank", target, include_subpath: false });

  expect(found?.line).toEqual({ from: "POST http://host:4000/v1/rerank", to: target });
  expect(found?.bare).toBeNull();
  expect(found?.notes.join(" ")).toContain("nothing below it");
});

test.each([
  [
    { path: "/", target: "https://a.example" },
    "POST http://host:4000/v1/… goes to https://a.example/v1/…",
  ],
  [{ path: "/a/" }, "POST http://host:4000/a/v1/… goes to https://engine.prod.bria-api.com/v1/…"],
  [
    { target: "https://a.example/v2/" },
    "POST http://host:4000/bria/… goes to https://a.example/v2/…",
  ],
  [
    { target: "https://a.example/v2" },
    "POST http://host:4000/bria/… goes to https://a.example/v2/…",
  ],
  [
    { target: "HTTPS://A.example:443" },
    "POST http://host:4000/bria/v1/… goes to https://a.example/v1/…",
  ],
  [
    { target: "tollgate://sample" },
    "POST http://host:4000/bria/v1/… goes to tollgate://sample/v1/…",
  ],
  [
    { target: "tollgate://sample/v1?a=1" },
    "POST http://host:4000/bria/… goes to tollgate://sample/v1/…?a=1",
  ],
] as const)("%p is told as the gateway serves it", (input, text) => {
  expect(line(input)).toBe(text);
});

test.each([
  [["GET"], "GET", ""],
  [["GET", "POST"], "POST", "So does GET."],
  [["GET", "POST", "PUT"], "POST", "So do GET, PUT."],
  [[], "POST", "So does every other method."],
] as const)("of the methods %p one is shown and the others are named", (methods, shown, note) => {
  const found = preview({ methods });

  expect(found?.line.from).toStartWith(`${shown} `);
  expect(found?.notes.join(" ")).toContain(note);
});

test("defaults stand before the target's query, and give way to it", () => {
  const found = line({
    path: "/a",
    target: "https://a.example/service?timeout=60",
    include_subpath: false,
    default_query_params: [
      { name: "version", value: "v1" },
      { name: "timeout", value: "5" },
      { name: "q", value: "a b" },
      { name: "", value: "x" },
    ],
  });

  expect(found).toEndWith("https://a.example/service?version=v1&q=a%20b&timeout=60");
});

test("a secret in the query is not shown", () => {
  const pairs = [{ name: "api_key", value: "very-secret" }];
  const found = line({ target: "https://a.example/?token=abcdef", default_query_params: pairs });

  expect(found).toContain("?api_key=********&token=********");
  expect(found).not.toContain("secret");
  expect(found).not.toContain("abcdef");
});

test.each([
  [{ path: "" }],
  [{ path: "bria" }],
  [{ path: "/a b" }],
  [{ path: "/a?b" }],
  [{ target: "" }],
  [{ target: "https://" }],
  [{ target: "engine.prod.bria-api.com" }],
  [{ target: "ftp://a.example" }],
  [{ target: "tollgate://other" }],
  [{ target: "********3456" }],
  [{ target: "javascript:alert(1)" }],
])("of %p nothing is said", (input) => {
  expect(preview(input)).toBeNull();
});
