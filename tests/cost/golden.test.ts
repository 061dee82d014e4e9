import { afterAll, describe, expect, test } from "bun:test";
import { writtenUsage } from "../../src/config/unit-names.ts";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { formatOf, formats } from "../../src/providers/index.ts";
import { keyInfo, makeKey } from "../helpers/keys.ts";
import { rawRequest } from "../helpers/raw-client.ts";
import type { Step } from "../helpers/raw-upstream.ts";
import { startHouse } from "../limits/house.ts";
import { amazonMessage } from "../metering/bodies.ts";
import type { GoldenCase } from "../providers/golden.ts";
import { request } from "../gateway/wire.ts";
import { chunks, type CostRow, lastChunk, nano, rowOf } from "./exchange.ts";

const folder = join(import.meta.dir, "../providers/golden");

/** Whose cases a file holds, by what `provider` of a route says; those of several hosts say it themselves. */
const keyOfFile: Readonly<Record<string, string>> = {
  "bedrock-invoke.ts": "bedrock",
  "bedrock.ts": "bedrock",
  "gemini-others.ts": "gemini",
  "mistral-media.ts": "mistral",
  "openai-media.ts": "openai",
  "openai-responses.ts": "openai",
  "vertex-ai.ts": "vertex_ai",
};

interface Exchange {
  readonly golden: GoldenCase;
  readonly provider: string;
}

const files = await Promise.all([...new Bun.Glob("*.ts").scanSync(folder)].sort().map(exchangesOf));
const providers = new Set(files.flat().map(({ provider }) => provider));

const house = await startHouse(
  [...providers].map(
    (name) =>
      `path: /${name}, target: "UP", provider: ${name}, auth: true, include_subpath: true, forward_headers: true`,
  ),
);
const { gateway, port, upstream } = house;

afterAll(() => house[Symbol.asyncDispose]());

/** How a body may be framed and coded on its way. */
const forms = ["as it is", "chunked", "gzip", "br", "zstd"] as const;
type Form = (typeof forms)[number];

let exchanges = 0;

for (const cases of files) {
  const [first] = cases;
  if (first === undefined) continue;
  const key = await makeKey(gateway);
  let spent = 0;

  describe(first.provider, () => {
    cases.forEach(({ golden, provider }, index) => {
      const coded = forms[2 + (index % 3)] ?? "gzip";
      for (const form of ["as it is", "chunked", coded] as const) {
        test(`${golden.name}, ${form}: ${golden.handCalculation?.working ?? "no price"}`, async () => {
          const { body, type } = replyOf(golden, `${++exchanges}`);
          const encoded = encode(body, form);
          upstream.scripts.set(golden.path, scriptOf(encoded, { golden, type, form }));

          const reply = await rawRequest(port, requestOf(golden, provider, key.key));

          expect(reply.status).toBe(golden.status ?? 200);
          expect(reply.complete).toBe(true);
          expect(reply.body.equals(encoded)).toBe(true);
          const row = await rowOf(gateway, reply.values("x-litellm-call-id")[0]);
          spent += nano(row.spend) ?? 0;
          expectRow(row, golden, provider);
        });
      }
    });

    test("what the key spent is the sum", async () => {
      expect((await keyInfo(gateway, key.key)).spend).toBe(spent / 1e9);
    });
  });
}

function expectRow(row: CostRow, golden: GoldenCase, provider: string): void {
  const { expected, handCalculation, status = 200 } = golden;
  const isCut = !expected.isFinal && status < 400 && isStream(golden);
  expect(row.http_status).toBe(status);
  expect(row.estimated).toBe(isCut);
  expect(row.provider).toBe(expected.provider ?? row.provider);
  expect(row.model).toBe(modelOf(golden, provider));
  if (isCut) {
    const { input = 0, output = 0, ...parts } = expected.usage ?? {};
    expect(row.usage).toMatchObject(writtenUsage(parts));
    expect(row.usage?.["output"]).toBeGreaterThanOrEqual(output);
    if (input > 0) expect(row.usage?.["input"]).toBe(input);
    return;
  }
  const usage = status < 400 ? expected.usage : null;
  expect(row.usage).toEqual(usage === null ? null : writtenUsage(usage));
  expect(row.prompt_tokens).toBe(row.usage?.["input"] ?? null);
  expect(row.completion_tokens).toBe(row.usage?.["output"] ?? null);
  expect(nano(row.spend)).toBe(status < 400 ? (handCalculation?.nanoUsd ?? null) : 0);
  const reason = expected.usage === null ? "no_usage" : /^no_(model|price)$/;
  if (row.spend === null) expect(row.unpriced).toMatch(reason);
  else expect(row.unpriced).toBeNull();
}

/** The reply's name, else the path's, else the request's. */
function modelOf({ expected, request: asked, path, status = 200 }: GoldenCase, provider: string) {
  const told = status < 400 ? expected.model : null;
  const named = told ?? formatOf(provider, "")?.modelOfPath(path);
  if (typeof named === "string") return named;
  if (typeof asked !== "object" || asked === null || !("model" in asked)) return "unknown";
  return String(asked.model);
}

function isStream({ reply, form }: GoldenCase): boolean {
  return form === undefined ? typeof reply === "string" : form !== "json-array" && form !== "bytes";
}

/** What several replies tell once has another name in each exchange. */
function replyOf(golden: GoldenCase, mark: string) {
  const { reply, form, expected } = golden;
  const once = expected.once?.replace(/^assemblyai:/, "");
  if (form === "aws-event-stream" && Array.isArray(reply)) {
    const body = Buffer.concat(reply.map(amazon));
    return { body, type: "application/vnd.amazon.eventstream" };
  }
  const [text, type] = bodyOf(golden);
  return {
    body: Buffer.from(once === undefined ? text : text.replaceAll(once, `${once}-${mark}`)),
    type,
  };
}

function bodyOf({ reply, form, path }: GoldenCase): [string, string] {
  if (form === "bytes") return [String(reply), "audio/mpeg"];
  if (typeof reply === "string") return [reply, "text/event-stream; charset=utf-8"];
  if (form === "ndjson" && Array.isArray(reply)) {
    const type = path.startsWith("/v1/") ? "application/stream+json" : "application/x-ndjson";
    return [reply.map((message) => `${JSON.stringify(message)}\n`).join(""), type];
  }
  if (form === "json-array" && Array.isArray(reply)) {
    const list = reply.map((message) => JSON.stringify(message)).join("\n,\r\n");
    return [`[${list}\n]\n`, "application/json; charset=UTF-8"];
  }
  return [JSON.stringify(reply), "application/json"];
}

function amazon(message: unknown): Uint8Array {
  const isNamed =
    typeof message === "object" && message !== null && "event" in message && "data" in message;
  if (isNamed) return amazonMessage(String(message.event), JSON.stringify(message.data));
  return amazonMessage("chunk", JSON.stringify(message));
}

function encode(body: Buffer, form: Form): Buffer {
  if (form === "gzip") return Buffer.from(Bun.gzipSync(Uint8Array.from(body)));
  if (form === "br") return brotliCompressSync(body);
  if (form === "zstd") return Buffer.from(Bun.zstdCompressSync(body));
  return body;
}

interface Sending {
  readonly golden: GoldenCase;
  readonly type: string;
  readonly form: Form;
}

/** Streams have no length, whatever their form. */
function scriptOf(bytes: Buffer, { golden, type, form }: Sending): Step[] {
  const isChunked = form === "chunked" || golden.form !== undefined || isStream(golden);
  const lines = [
    `HTTP/1.1 ${golden.status ?? 200} X`,
    `Content-Type: ${type}`,
    isChunked ? "Transfer-Encoding: chunked" : `Content-Length: ${bytes.length}`,
    ...(form === "as it is" || form === "chunked" ? [] : [`Content-Encoding: ${form}`]),
  ];
  const body = isChunked
    ? Buffer.concat([chunks(bytes, form === "chunked" ? 7 : 113), Buffer.from(lastChunk)])
    : bytes;
  return [{ write: `${lines.join("\r\n")}\r\n\r\n` }, { write: body }];
}

const uploads = /\/audio\/(?:transcriptions|translations)$|\/images\/edits$/;

function requestOf(
  { method = "POST", path, request: asked }: GoldenCase,
  name: string,
  key: string,
) {
  const start = `${method} /${name}${path}`;
  const bearer = `Authorization: Bearer ${key}`;
  if (asked === undefined) return request(start, [bearer]);
  const [type, body] = uploads.test(path)
    ? ["multipart/form-data; boundary=grenze", formOf(asked)]
    : ["application/json", Buffer.from(JSON.stringify(asked))];
  const lines = [bearer, `Content-Type: ${type}`, `Content-Length: ${body.length}`];
  return request(start, lines, body);
}

/** As the form that such calls are: their text fields, behind a file. */
function formOf(fields: unknown): Buffer {
  const start = "--grenze\r\nContent-Disposition: form-data; name=";
  const file = `${start}"file"; filename="a.bin"\r\nContent-Type: audio/mpeg\r\n\r\nID3\r\n`;
  const texts = Object.entries(fields ?? {}).map(
    ([name, value]) => `${start}"${name}"\r\n\r\n${String(value)}\r\n`,
  );
  return Buffer.from(`${file}${texts.join("")}--grenze--\r\n`);
}

async function exchangesOf(file: string): Promise<readonly Exchange[]> {
  const exported: Record<string, unknown> = await import(join(folder, file));
  const provider = keyOfFile[file] ?? file.replace(/\.ts$/, "");
  return Object.values(exported)
    .flatMap((value) => (Array.isArray(value) ? value.filter(isGolden) : []))
    .map((golden) => ({ golden, provider: hosted(golden) ?? provider }));
}

function hosted(golden: GoldenCase): string | null {
  if (!("host" in golden)) return null;
  return formats.find((format) => format.serves(String(golden.host)))?.id ?? null;
}

function isGolden(value: unknown): value is GoldenCase {
  return typeof value === "object" && value !== null && "handCalculation" in value;
}
