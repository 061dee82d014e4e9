import { describe, expect, test } from "bun:test";
import type { Body } from "../../src/core/types.ts";
import { factsOf } from "../../src/gateway/body-facts.ts";
import { bytesOf, callOf, type CallParts } from "./calls.ts";
import { facts, form, json, unreadable } from "./facts.ts";
import { route } from "./route.ts";

const plain = route({ path: "/" });
const models = (text: string, parts?: CallParts) => facts(bytesOf(text), parts).models;

describe("a model in JSON", () => {
  test.each<readonly [string, readonly string[]]>([
    ['{"model":"a"}', ["a"]],
    [' \r\n\t{ "x" : [ { "model" : "b" } ] , "model" : "a" } ', ["a", "b"]],
    ['{"requests":[{"params":{"model":"a"}},{"params":{"\\u006dodel":"b"}}]}', ["a", "b"]],
    ['{"x":{"model":"a"}}', ["a"]],
    ['{"model":"a","models":["b", "a" ,"c"]}', ["a", "b", "c"]],
    ['{"model":"a","models":[]}', ["a"]],
    ['{"model":"a","models":null}', ["a"]],
    ['{"model":"a","x":{"models":["no"]}}', ["a"]],
    ['{"model":"a","tools":[{"properties":{"model":{"type":"string"}}}]}', ["a"]],
    ['{"model":"a","model":"b"}', ["a", "b"]],
    ['{"model":"a","model":"a"}', ["a"]],
    ['{"mod\\u0065l":"a","MODEL":"b","\\u004dodel":"c"}', ["a", "b", "c"]],
    ['{"m_o_d_e_l":"a","model":"b"}', ["a", "b"]],
    ['{"model":"\\u0061\\"}","x":"}{"}', ['a"}']],
    ['{"a":"\\\\","model":"b"}', ["b"]],
    ['{"a":"\\\\\\"","b":"{\\"model\\":\\"no\\"}","model":"c"}', ["c"]],
    ['{"n":-1.5e+3,"t":true,"z":null,"e":{},"l":[],"s":"","model":"a"}', ["a"]],
    ['{"model":"models/gemini-pro"}', ["models/gemini-pro"]],
    ['{"__proto__":{"model":"b"},"model":"a"}', ["a", "b"]],
    ['{"x":{"y":{"z":[{}]}},"model":"é😀"}', ["é😀"]],
  ])("%s", (text, expected) => {
    expect(models(text)).toEqual(expected);
  });

  test.each([
    ["", { ...json, "content-type": "application/json; charset=utf-8" }],
    ["", { "content-type": 'Application/JSON ; charset="UTF-8";' }],
    ["", { "content-type": "application/vnd.api+json" }],
    ["", { ...json, "content-encoding": "identity" }],
  ])("the type may be written so: %s%j", (_, headers) => {
    expect(models('{"model":"a"}', { headers })).toEqual(["a"]);
  });

  test.each([
    '{"model":1}',
    '{"model":null}',
    '{"model":["a"]}',
    '{"model":{"a":1}}',
    '{"model":"a","model":1}',
    '{"Model":false,"model":"a"}',
    "[]",
    '[{"model":"a"}]',
    '"model"',
    "null",
    "{",
    "{}",
    '{"models":"a"}',
    '{"model":"a","models":"b"}',
    '{"model":"a","models":[{"model":"a"}]}',
    '{"model":"a","models":["a",1]}',
    '{"x":{"model":1}}',
    '{"model":"a"',
    '{"model":"a"}}',
    '{"model":"a"}{"model":"b"}',
    '{model:"a"}',
    "{'model':'a'}",
    '{"model":"a",}',
    '{"model":"a"/**/}',
    '\uFEFF{"model":"a"}',
    '{"model":"a"}\0',
  ])("cannot be read: %s", (text) => {
    expect(unreadable(bytesOf(text))).toContain("cannot be read. It");
  });

  test("nor in other charsets", () => {
    const utf16 = new Uint8Array(Buffer.from('{"model":"a"}', "utf16le"));
    const broken = new Uint8Array([...Buffer.from('{"model":"'), 0xff, ...Buffer.from('"}')]);
    expect(unreadable(bytesOf(utf16))).not.toBeNull();
    expect(unreadable(bytesOf(broken))).not.toBeNull();
    for (const charset of ["utf-7", "utf-16", "latin1", "ebcdic"]) {
      const headers = { "content-type": `application/json; charset=${charset}` };
      expect(unreadable(bytesOf('{"model":"a"}'), { headers })).not.toBeNull();
    }
  });

  test("nesting and length take no time", () => {
    const startedAt = performance.now();
    const deep = `{"model":"a","x":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
    for (const text of [
      deep,
      `{"model":"a","x":${'{"x":'.repeat(100_000)}1${"}".repeat(100_000)}}`,
      "[".repeat(1_000_000),
      `{"model":"a","x":"${"\\\\".repeat(500_000)}"}`,
      `{"model":"a","x":"${'\\"'.repeat(500_000)}"}`,
      `{"model":"a"${',"model":"a"'.repeat(90_000)}}`,
      `{"model":"a","generationConfig":{${'"a":1,'.repeat(100_000)}"b":1}}`,
    ]) {
      unreadable(bytesOf(text));
    }
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});

describe("a model in a form", () => {
  test.each<readonly [string, readonly string[]]>([
    ["model=a", ["a"]],
    ["x=1&model=a%2Fb+c", ["a/b c"]],
    ["model=a&model=b", ["a", "b"]],
    ["mod%65l=a&MODEL=b", ["a", "b"]],
    ["x=1;model=a&model=b", ["a", "b"]],
    ["model=a;b&x=1", ["a;b", "a"]],
    ["+mod%65l%20=a&models=b&xmodel=c&;&&", ["a"]],
    ['{"model":"a","x":"&model=b&"}', ["a", "b"]],
    ["model", [""]],
  ])("%s", (text, expected) => {
    expect(models(text, { headers: form })).toEqual(expected);
  });

  test("has to be there", () => {
    expect(unreadable(bytesOf("x=1"), { headers: form })).toContain("It names none.");
  });
});

describe("more models than are looked at", () => {
  const names = (count: number) => Array.from({ length: count }, (_, index) => `m${index}`);
  const ways: readonly (readonly [string, (all: readonly string[]) => string])[] = [
    ["JSON", (all) => `{${all.map((name) => `"model":"${name}"`).join()}}`],
    ["nested JSON", (all) => `{"x":[${all.map((name) => `{"model":"${name}"}`).join()}]}`],
    ["a list", (all) => `{"models":${JSON.stringify(all)}}`],
    ["a form", (all) => all.map((name) => `model=${name}`).join("&")],
    ["a form of the other kind", (all) => all.map((name) => `model=${name}`).join(";")],
  ];

  test.each(ways.slice(0, 4))("%s names sixteen, and no more", (kind, write) => {
    const headers = kind.includes("form") ? form : json;

    expect(models(write(names(16)), { headers })).toEqual(names(16));
    expect(unreadable(bytesOf(write(names(17))), { headers })).toContain("names too many models");
    expect(models(write([...names(16), "m1", "m2"]), { headers })).toEqual(names(16));
  });

  test("together with path and query too", () => {
    const body = bytesOf(ways[0]?.[1](names(15)) ?? "");
    const at = (query: string) => ({ headers: json, path: "/models/a:x", query });

    expect(facts(body, at("model=m1")).models.length).toBe(16);
    expect(unreadable(body, at("model=b"))).toContain("It names too many models.");
  });

  test("cost nothing, and neither does any other text", () => {
    const mebibyte = 1_048_576;
    const fill = (piece: string) => piece.repeat(mebibyte / piece.length);
    const startedAt = performance.now();
    for (const text of [
      ways[0]?.[1](names(60_000)) ?? "",
      `{"x":[${fill("{},").slice(0, -20)}1]}`,
      `{"x":[${names(100_000)
        .map((name) => `{"${name}":1}`)
        .join()}]}`,
      fill('"model":"a",'),
      fill("[{"),
    ]) {
      unreadable(bytesOf(text));
    }
    for (const text of [
      fill("&"),
      `;${fill("&")}`,
      fill("model=%41;"),
      fill("%ff%ff&;"),
      fill("+&;"),
    ]) {
      unreadable(bytesOf(text), { headers: form });
    }
    unreadable({ kind: "none" }, { query: fill("model=%41;").slice(0, 16_000) });
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  test("nesting is bounded", () => {
    const deep = (depth: number) => `{"model":"a","x":${"[".repeat(depth)}${"]".repeat(depth)}}`;

    expect(models(deep(900))).toEqual(["a"]);
    expect(unreadable(bytesOf(deep(1_100)))).toContain("is not a JSON object");
  });
});

describe("what nobody can read", () => {
  const text = '{"model":"a"}';

  test.each<readonly [string, Record<string, string>]>([
    ["no type", {}],
    ["an empty type", { "content-type": "" }],
    ["another type", { "content-type": "text/plain" }],
    ["bytes", { "content-type": "application/octet-stream" }],
    ["lines of JSON", { "content-type": "application/x-ndjson" }],
    ["two types", { "content-type": "application/json, text/plain" }],
    ["an encoding", { ...json, "content-encoding": "gzip" }],
    ["two encodings", { ...json, "content-encoding": "identity, gzip" }],
    ["a type that is replaced on the way", { ...json, "x-pass-content-type": "text/plain" }],
    ["an encoding that is set on the way", { ...json, "x-pass-content-encoding": "gzip" }],
    ["a type that is taken out on the way", { ...json, connection: "close, Content-Type" }],
  ])("%s", (_, headers) => {
    expect(unreadable(bytesOf(text), { headers })).toContain("Its body");
    expect(unreadable(bytesOf(text), { headers, path: "/v1/models/a:b", query: "model=a" })).toBe(
      unreadable(bytesOf(text), { headers }),
    );
  });

  test("a stream", () => {
    const stream: Body = { kind: "stream", stream: new ReadableStream() };
    expect(unreadable(stream)).toContain("too large");
    expect(unreadable(stream, { headers: json, path: "/models/a:b" })).toContain("too large");
  });

  test("the route's own content type is what counts", () => {
    const fixed = (name: string, value: string) =>
      route({
        path: "/",
        headers: {
          forward: true,
          fixed: { [name]: value },
          fixedNames: new Set([name.toLowerCase()]),
          ownCredential: false,
          langfuse: false,
        },
      });
    const asJson = fixed("Content-Type", "application/json");
    expect(facts(bytesOf(text), { headers: form }, asJson).models).toEqual(["a"]);
    expect(
      unreadable(bytesOf(text), { headers: json }, fixed("content-type", "text/x")),
    ).not.toBeNull();
    expect(
      unreadable(bytesOf(text), { headers: json }, fixed("content-encoding", "br")),
    ).not.toBeNull();
  });
});

describe("where no model is asked for", () => {
  test("nothing is refused", () => {
    const only = { needsModel: false, needsTokens: true };
    const of = (body: Body, headers: Record<string, string> = json) =>
      factsOf(callOf({ headers }), plain, body, only);

    expect(of(bytesOf("not json"))).toMatchObject({ models: [], tokens: 1_000_002 });
    expect(of(bytesOf("not json"), {})).toMatchObject({ models: [], tokens: 2 });
    expect(of(bytesOf('{"model":"a"}'))).toMatchObject({ models: ["a"], tokens: 4 });
  });
});

describe("tokens", () => {
  const tokens = (text: string, headers: Record<string, string> = json) =>
    factsOf(callOf({ headers }), plain, bytesOf(text), { needsModel: false, needsTokens: true })
      .tokens - Math.ceil(text.length / 4);

  test.each([
    ["{}", 0],
    ['{"max_tokens":100}', 100],
    ['{"max_tokens":100,"n":3}', 300],
    ['{"n":1000,"max_tokens":100}', 12_800],
    ['{"max_tokens":100,"best_of":2,"n":1}', 200],
    ['{"generationConfig":{"maxOutputTokens":10,"candidateCount":4}}', 40],
    ['{"max_tokens":100,"tools":[{"n":50}],"n":"2"}', 200],
    ['{"max_completion_tokens":100}', 100],
    ['{"max_output_tokens":100}', 100],
    ['{"generationConfig":{"maxOutputTokens":100}}', 100],
    ['{"generation_config":{"max_output_tokens":100}}', 100],
    ['{"inferenceConfig":{"maxTokens":100}}', 100],
    ['{"max_tokens":100,"max_tokens":5}', 100],
    ['{"max_tokens":5,"max_completion_tokens":100}', 100],
    ['{"max_tokens":1e3}', 1_000],
    ['{"max_tokens":1e300}', 1_000_000],
    ['{"max_tokens":-5}', 0],
    ['{"max_tokens":"100"}', 100],
    [`{"max_tokens":0.${"0".repeat(40)}1e43}`, 100],
    ['{"max_tokens":""}', 0],
    ['{"max_tokens":null}', 0],
    ['{"max_tokens":[100]}', 0],
    ['{"x":{"max_tokens":100}}', 0],
    ['{"generationConfig":[100]}', 0],
    ['{"max_tokens":100', 1_000_000],
    ['[{"max_tokens":100}]', 1_000_000],
    ['\uFEFF{"max_tokens":100}', 1_000_000],
  ])("%s asks for %d", (text, expected) => {
    expect(tokens(text) + Math.ceil(text.length / 4) - Math.ceil(Buffer.byteLength(text) / 4)).toBe(
      expected,
    );
  });

  test.each([{}, { "content-type": "text/plain" }, form, { "content-type": "Text/X; a=b" }])(
    "JSON is JSON, whatever type it is said to be: %j",
    (headers: Record<string, string>) => {
      expect(tokens('{"max_tokens":100}', headers)).toBe(100);
      expect(tokens('{"max_tokens":100', headers)).toBe(0);
    },
  );

  test.each([
    { ...json, "content-encoding": "gzip" },
    { ...json, "x-pass-content-type": "text/plain" },
    { "content-type": "text/plain", "content-encoding": "br" },
    { "content-type": "application/json; charset=utf-16" },
    { "content-type": "application/json, text/plain" },
  ])(
    "where it cannot be known, the most that there is counts: %j",
    (headers: Record<string, string>) => {
      expect(tokens('{"max_tokens":100}', headers)).toBe(1_000_000);
    },
  );

  test("a form asks for none", () => {
    expect(tokens("max_tokens=100", form)).toBe(0);
  });

  test("of a stream its length counts", () => {
    const of = (headers: Record<string, string>) =>
      factsOf(
        callOf({ headers }),
        plain,
        { kind: "stream", stream: new ReadableStream() },
        {
          needsModel: false,
          needsTokens: true,
        },
      ).tokens;
    expect(of({ "content-length": "2000001" })).toBe(500_001);
    expect(of({ ...json, "content-length": "2000001" })).toBe(1_500_001);
    expect(of({ "content-length": "2000001", "content-encoding": "gzip" })).toBe(1_500_001);
    expect(of({ "transfer-encoding": "chunked" })).toBe(1_000_000);
    expect(of({ "content-length": "x" })).toBe(1_000_000);
  });
});
