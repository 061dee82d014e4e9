import { expect, test } from "bun:test";
import { rawRequest } from "../helpers/raw-client.ts";
import { sample } from "./sample.ts";

const sha256 = (bytes: string | Uint8Array) => Bun.SHA256.hash(bytes, "hex");
const path = "//b//%41/c%2Fd;e";

test.each(["a", "a b", "127.0.0.1"])(
  "the target is told as it was sent, Host: %s",
  async (host) => {
    using upstream = sample();

    const reply = await rawRequest(
      upstream.port,
      `GET ${path}?x=1&x=%20&u=http://e/f?g HTTP/1.1\r\nHost: ${host}\r\nX-Two: 1\r\nx-two: 2\r\n\r\n`,
    );

    expect(reply.values("x-sample-upstream")).toEqual(["tollgate"]);
    expect(JSON.parse(reply.body.toString())).toEqual({
      method: "GET",
      path,
      query: "x=1&x=%20&u=http://e/f?g",
      headers: [
        ["host", host],
        ["x-two", "1, 2"],
      ],
      bytes: 0,
      sha256: sha256(""),
      body: "",
    });
  },
);

test("of headers that sound like secrets only the end is told", async () => {
  using upstream = sample();

  const headers = { api_token: "sk-0123456789abcdef", "x-api-key": "short", "x-plain": "as it is" };
  const { headers: told } = Object(await (await fetch(upstream.url, { headers })).json());

  expect(Object.fromEntries(told)).toMatchObject({
    api_token: "********cdef",
    "x-api-key": "********",
    "x-plain": "as it is",
  });
});

test("dot segments are resolved before the sample sees them", async () => {
  using upstream = sample();

  const reply = await rawRequest(upstream.port, "GET /a/../b/%2e%2e/c HTTP/1.1\r\nHost: a\r\n\r\n");

  expect(JSON.parse(reply.body.toString())).toMatchObject({ path: "/c" });
});

test.each(["PUT", "PATCH", "DELETE", "OPTIONS"])("%s is echoed with its body", async (method) => {
  using upstream = sample();

  const options = { method, body: "grüß dich" };
  const response = await fetch(`${upstream.url}/v1/messages`, options);

  expect(await response.json()).toMatchObject({
    method,
    path: "/v1/messages",
    bytes: 11,
    sha256: sha256("grüß dich"),
    body: "grüß dich",
  });
});

test("HEAD has an answer without a body", async () => {
  using upstream = sample();

  const response = await fetch(`${upstream.url}/anything`, { method: "HEAD" });

  expect(response.status).toBe(200);
  expect(response.headers.get("x-sample-upstream")).toBe("tollgate");
  expect(await response.text()).toBe("");
});

test.each([
  ["64 KiB of text", Buffer.alloc(65_536, "x"), "x".repeat(65_536)],
  ["more than 64 KiB", Buffer.alloc(65_537, "x"), null],
  ["bytes that are not text", Buffer.from([0xff, 0xfe]), null],
  ["a byte order mark", Buffer.from("\uFEFFx"), "\uFEFFx"],
])("the body is shown where it is short and text: %s", async (_, bytes, body) => {
  using upstream = sample();

  const response = await fetch(`${upstream.url}/x`, { method: "POST", body: bytes });

  expect(await response.json()).toMatchObject({
    bytes: bytes.length,
    sha256: sha256(bytes),
    body,
  });
});

test("a multipart body is an upload on every path, hashed as it came", async () => {
  using upstream = sample();
  const body = '--b\r\nContent-Disposition: form-data; name="f"\r\n\r\n{}\r\n--b--\r\n';

  const response = await fetch(`${upstream.url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "multipart/form-data; boundary=b" },
    body,
  });

  expect(await response.json()).toMatchObject({ bytes: body.length, sha256: sha256(body) });
});

test("a JSON body of a named kind is JSON, a missing type is taken for it", async () => {
  using upstream = sample();
  const send = (headers: string) =>
    rawRequest(
      upstream.port,
      `POST /v1/messages HTTP/1.1\r\nHost: a\r\n${headers}Content-Length: 2\r\n\r\n{}`,
    );

  const named = await send("Content-Type: application/vnd.x+json\r\n");
  const missing = await send("");
  const form = await send("Content-Type: application/x-www-form-urlencoded\r\n");

  expect([named.status, missing.status, form.status]).toEqual([400, 400, 200]);
});
