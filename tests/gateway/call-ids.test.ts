import { afterAll, describe, expect, test } from "bun:test";
import { startGateway } from "../helpers/gateway.ts";
import { rawRequest } from "../helpers/raw-client.ts";
import { reply, startRawUpstream } from "../helpers/raw-upstream.ts";
import { config, get, masterKey } from "./wire.ts";

const upstream = await startRawUpstream({
  scripts: { "/theirs": [reply(200, ["x-litellm-call-id: theirs"])] },
});
const gateway = await startGateway(
  config(
    [
      `path: /r, target: "${upstream.url}/r", auth: false`,
      `path: /theirs, target: "${upstream.url}/theirs", auth: false`,
      `path: /keyed, target: "${upstream.url}/", auth: true`,
      `path: /posts, target: "${upstream.url}/", methods: [POST]`,
      `path: /gone, target: "http://127.0.0.1:1/", auth: false`,
    ],
    `master_key: ${masterKey}`,
  ),
);

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  upstream[Symbol.dispose]();
});

describe("the call id", () => {
  const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

  test("stands on a reply of the upstream's, in place of the upstream's own", async () => {
    const answered = await rawRequest(gateway.port, get("/theirs", "x-litellm-call-id: mine"));

    expect(answered.values("x-litellm-call-id").length).toBe(1);
    expect(answered.values("x-litellm-call-id")[0]).toMatch(uuid);
  });

  test.each([
    ["a refusal", get("/keyed"), 401],
    ["no route", get("/nothing"), 404],
    ["a wrong method", get("/posts"), 405],
    ["an upstream that is gone", get("/gone"), 502],
    ["a bad Host", get("/r", "Host: a b"), 400],
    ["health", get("/health/liveliness"), 200],
    ["an admin path", get("/routes", `Authorization: Bearer ${masterKey}`), 200],
    ["an admin path without a key", get("/routes"), 401],
  ])("stands on the gateway's own replies: %s", async (_, bytes, status) => {
    const answered = await rawRequest(gateway.port, bytes);

    expect(answered.status).toBe(status);
    expect(answered.values("x-litellm-call-id").join()).toMatch(uuid);
  });

  test("is that of the log line", async () => {
    const answered = await rawRequest(gateway.port, get("/r"));

    const id = answered.values("x-litellm-call-id")[0];
    const line = await gateway.waitForLine((each) => each["id"] === id);
    expect(line).toMatchObject({ event: "call", route: "/r", method: "GET", status: 200 });
  });

  test("is in our error bodies where that is asked for", async () => {
    await using saying = await startGateway(
      config(
        [`path: /k, target: "${upstream.url}", auth: true`],
        "include_call_id_in_error_body: true",
      ),
    );

    const answered = await rawRequest(saying.port, get("/k"));

    const body: unknown = JSON.parse(answered.body.toString());
    expect(body).toMatchObject({ litellm_call_id: answered.values("x-litellm-call-id")[0] });
  });
});
