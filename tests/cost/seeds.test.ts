import { afterAll, expect, test } from "bun:test";
import { masterKey, post, sent } from "../gateway/wire.ts";
import { keyInfo, makeKey } from "../helpers/keys.ts";
import { rawRequest } from "../helpers/raw-client.ts";
import { costRows, jsonReply, rowOf } from "./exchange.ts";
import { startCostHouseOf } from "./house.ts";

/** The tutorial's endpoints as a user writes them, with keys; only the hosts are others. */
const house = await startCostHouseOf(
  (url) => `general_settings:
  master_key: ${masterKey}
  pass_through_endpoints:
    - path: "/bria"                                   # route you want to add
      target: "${url}"
      include_subpath: true
      auth: true
      cost_per_request: 0.04
      headers:
        api_token: os.environ/BRIA_API_TOKEN
    - path: "/v1/ocr"
      target: "${url}/v1/ocr"
      provider: mistral
      auth: true
      headers:
        Authorization: "Bearer os.environ/MISTRAL_API_KEY"
        content-type: application/json
    - path: "/v1/rerank"
      target: "${url}/v1/rerank"
      provider: cohere
      auth: true
      headers:
        Authorization: "bearer os.environ/COHERE_API_KEY"
        content-type: application/json
        accept: application/json
`,
  { BRIA_API_TOKEN: "bria-secret", MISTRAL_API_KEY: "mistral-secret", COHERE_API_KEY: "co-secret" },
);
const { gateway, port, upstream } = house;

afterAll(() => house[Symbol.asyncDispose]());

const json = "Content-Type: application/json";
const key = await makeKey(gateway);
const call = (path: string, body: object) =>
  rawRequest(port, post(path, JSON.stringify(body), `Authorization: Bearer ${key.key}`, json));

test("Bria with a cost per request", async () => {
  const path = "/v1/text-to-image/base/2.3";
  upstream.scripts.set(path, jsonReply({ result: [{ urls: ["https://x.example/1.png"] }] }));

  const reply = await call(`/bria${path}`, { prompt: "a book", num_results: 2, sync: true });

  expect(reply.values("x-litellm-response-cost")).toEqual(["0.04"]);
  const row = await rowOf(gateway, reply.values("x-litellm-call-id")[0]);
  expect(row).toMatchObject({ spend: 0.04, unpriced: null, estimated: false, status: "success" });
  const [request] = upstream.requests.slice(-1);
  expect(request === undefined ? [] : sent(request, "api_token")).toEqual(["bria-secret"]);
});

test("Bria's error costs nothing", async () => {
  upstream.scripts.set("/v1/enhance_image", jsonReply({ error: "no credits" }, { status: 402 }));

  const reply = await call("/bria/v1/enhance_image", { file: "" });

  expect(reply.values("x-litellm-response-cost")).toEqual([]);
  const row = await rowOf(gateway, reply.values("x-litellm-call-id")[0]);
  expect(row).toMatchObject({ spend: 0, unpriced: null, status: "failure", http_status: 402 });
});

test("Mistral's OCR by the page", async () => {
  const pages = [{ index: 0, markdown: "# One" }];
  const usage_info = { pages_processed: 29, doc_size_bytes: 1002 };
  const model = "mistral-ocr-2503-completion";
  upstream.scripts.set("/v1/ocr", jsonReply({ pages, model, usage_info }));

  const reply = await call("/v1/ocr", {
    model: "mistral-ocr-latest",
    document: { type: "document_url", document_url: "https://arxiv.org/pdf/2201.04234" },
  });

  expect(reply.values("x-litellm-response-cost")).toEqual(["0.029"]); // 29 × $1 per thousand
  const row = await rowOf(gateway, reply.values("x-litellm-call-id")[0]);
  expect(row).toMatchObject({ spend: 0.029, provider: "mistral", model, usage: { pages: 29 } });
});

test("Cohere's rerank by the search unit", async () => {
  const reranked = {
    id: "37103a5b-8cfb-48d3-87c7-da288bedd429",
    results: [{ index: 2, relevance_score: 0.999071 }],
    meta: { api_version: { version: "1" }, billed_units: { search_units: 1 } },
  };
  upstream.scripts.set("/v1/rerank", jsonReply(reranked));

  const reply = await call("/v1/rerank", {
    model: "rerank-english-v3.0",
    query: "What is the capital of the United States?",
    top_n: 3,
    documents: ["Carson City is the capital city of the American state of Nevada."],
  });

  expect(reply.values("x-litellm-response-cost")).toEqual(["0.002"]); // $2 per thousand
  const row = await rowOf(gateway, reply.values("x-litellm-call-id")[0]);
  expect(row).toMatchObject({
    spend: 0.002,
    provider: "cohere",
    model: "rerank-english-v3.0",
    usage: { search_units: 1 },
  });
});

test("the key has spent their sum, and each call has a row", async () => {
  expect((await keyInfo(gateway, key.key)).spend).toBe(0.071);
  const rows = await costRows(gateway, { api_key: key.id });
  expect(rows.map(({ spend }) => spend)).toEqual([0.002, 0.029, 0, 0.04]);
});
