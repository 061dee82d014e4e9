import { expect } from "bun:test";
import * as rows from "./row.ts";
import type { Exchange, Row } from "./row.ts";

const { each, get, only, refused, up, upWith } = rows;

const key = rows.virtualKey;

/** Headers in which a client may show its key, or a mistaken one does. */
const keyLines = [
  `Authorization: Bearer ${key}`,
  `authorization: bearer ${key}`,
  `Authorization: ${key}`,
  `Authorization: Token ${key}`,
  `x-api-key: ${key}`,
  `api-key: ${key}`,
  `x-goog-api-key: ${key}`,
  `x-litellm-api-key: ${key}`,
  `x-litellm-api-key: Bearer ${key}`,
  `Ocp-Apim-Subscription-Key: ${key}`,
  `xi-api-key: ${key}`,
  `api_token: ${key}`,
  `X-My-Own: ${key}`,
  `X-My-Own: Key ${key}`,
  `Cookie: a=1; token=${key}; b=2`,
  `Cookie: token="${key}"`,
  `Authorization: Basic ${btoa(`user:${key}`)}`,
  `x-pass-x-my-own: ${key}`,
  `X_Api_Key: ${key}`,
  `Authorization: Bearer   ${key}`,
  `Authorization: BEARER ${key}`,
  `Proxy-Authorization: Bearer ${key}`,
  `X-My-Own: a, ${key}`,
  `X-My-Own: ${key};q=1`,
  `Referer: http://localhost/pt?x=1&key=${key}`,
  `Sec-WebSocket-Protocol: realtime, openai-insecure-api-key.${key}`,
  `Authorization: AWS4-HMAC-SHA256 Credential=${key}/20300101/us-east-1/bedrock/aws4_request, Signature=0`,
];

/** Query strings with the key in them, as people and SDKs write them. */
const keyQueries = [
  `key=${key}`,
  `a=1&token=${key}&b=2`,
  key,
  `a=Bearer%20${key}`,
  `a=Bearer+${key}`,
  `a=1;key=${key}`,
  `%6bey=${key.replace("-", "%2D")}`,
];

const nowhereUp = ({ reply: answered, sent }: Exchange) => {
  expect(answered.status).toBe(200);
  expect(only(sent).raw().toString("latin1")).not.toContain(key);
  expect(only(sent).raw().toString("latin1")).not.toContain(btoa(`user:${key}`).slice(8, 40));
};

/** Table B, the part about keys: a caller's key stays here, wherever it stands. */
export const keys: readonly Row[] = [
  ...each("B04", keyLines, (line) => ({
    about: `the caller's key stays here: ${line.replace(key, "KEY")}`,
    send: get("/pt/h", line),
    check: nowhereUp,
  })),
  ...each("B04", keyQueries, (query) => ({
    about: `the caller's key stays here: ?${query.replace(key, "KEY")}`,
    send: get(`/pt/h?${query}`),
    check: ({ reply, sent }: Exchange) => {
      expect(reply.status).toBe(200);
      expect(decodeURIComponent(only(sent).target)).not.toContain(key);
    },
  })),
  {
    id: "B04",
    about: "the caller's key in every place at once",
    send: get(`/pt/h?token=${key}&a=1`, ...keyLines),
    check: nowhereUp,
  },
  {
    id: "B04",
    about: "a key that opens a route stays here",
    send: get("/guarded/h", `Authorization: Bearer ${key}`),
    check: nowhereUp,
  },
  ...each(
    "B05",
    [`Authorization: Bearer ${key}`, `x-api-key: ${key}`, `Cookie: k=${key}`],
    (line) => ({
      about: `a route without provider key sends no key of ours: ${line.replace(key, "KEY")}`,
      send: get("/open/h", line),
      check: nowhereUp,
    }),
  ),
  {
    id: "B05",
    about: "a route without provider key sends the client's own",
    send: get("/open/h", "Authorization: Bearer the-clients-own"),
    check: upWith({ authorization: ["Bearer the-clients-own"] }),
  },
  {
    id: "B25",
    about: "underscores are not dashes: no framing, no key of the route",
    send: get("/pt/h", "Transfer_Encoding: chunked", "X_Api_Key: 1", "Content_Length: 7"),
    check: upWith({ "transfer-encoding": [], "x-api-key": [rows.providerKeys.pt] }),
    nginx: "meets",
  },
  {
    id: "B25",
    about: "a key under an underscored name opens nothing",
    send: get("/guarded/h", `X_Api_Key: ${key}`, `x_litellm_api_key: ${key}`),
    check: refused(401),
  },
  {
    id: "B29",
    about: "a client's ids go up, but are not the call's",
    send: get("/pt/h", "X-Request-Id: mine", "x-litellm-call-id: mine"),
    check: ({ reply: answered, sent }) => {
      expect(up(sent, "x-request-id")).toEqual(["mine"]);
      expect(answered.values("x-litellm-call-id").length).toBe(1);
      expect(answered.values("x-litellm-call-id")).not.toContain("mine");
    },
  },
];
