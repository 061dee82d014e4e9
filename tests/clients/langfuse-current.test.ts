import { expect, test } from "bun:test";
import { gunzipSync } from "node:zlib";
import { headerValues } from "../helpers/http1.ts";
import { reply, type RecordedRequest, type Step } from "../helpers/raw-upstream.ts";
import { json } from "./answers.ts";
import { bothWays, sentText, throughGateway, type Way } from "./both-ways.ts";
import { runPython, withoutVenv } from "./python.ts";
import { expectSameCalls } from "./same-calls.ts";

const masterKey = "the-key-of-this-gateway";
const open = "";
const keyed = "auth: true\n      custom_auth_parser: langfuse";
const credentials = Buffer.from("pk-of-the-route:sk-of-the-route").toString("base64");
const sdk = test.skipIf(withoutVenv("current"));

sdk.each([
  ["open to this machine", open, "pk-of-the-client", "sk-of-the-client"],
  ["the gateway's key as secret key", keyed, "pk-of-the-client", masterKey],
])(
  "a current Langfuse SDK below /api/public: %s",
  async (_, auth, publicKey, secretKey) => {
    const ways = await bothWays(setup(auth), (port) => run(port, publicKey, secretKey));

    expectSameCalls(ways, {
      own: { Authorization: `Basic ${credentials}` },
      forwards: (name) => name.startsWith("x-langfuse-") && name !== "x-langfuse-public-key",
    });
    expect(ways.relayed.outcome.stdout).toBe("auth_check True\nHello ☃\n");
    expect(ways.relayed.requests.map((request) => request.requestLine).toSorted()).toEqual([
      "GET /api/public/projects HTTP/1.1",
      "GET /api/public/v2/prompts/folder%2Fna%C3%AFve%20prompt?label=latest+%26+best HTTP/1.1",
      "POST /api/public/otel/v1/traces HTTP/1.1",
      "POST /api/public/scores HTTP/1.1",
    ]);
    expect(tracesOf(ways.relayed)).toContain("x".repeat(5_000));
    expect(sentText(ways) + tracesOf(ways.relayed)).not.toContain(secretKey);
  },
  20_000,
);

sdk(
  "a key given as Langfuse's public key leaves the headers, not the body, where the SDK repeats it",
  async () => {
    const ways = await bothWays(setup(keyed), (port) => run(port, masterKey, "anything"));

    expectSameCalls(ways, {
      own: { Authorization: `Basic ${credentials}` },
      forwards: (name) => name.startsWith("x-langfuse-") && name !== "x-langfuse-public-key",
    });
    expect(sentText(ways)).not.toContain(masterKey);
    expect(tracesOf(ways.relayed)).toContain(masterKey);
  },
  20_000,
);

sdk(
  "auth_check with a wrong key raises the SDK's UnauthorizedError, and nothing is sent on",
  async () => {
    const { outcome, requests } = await throughGateway(setup(keyed), (port) =>
      run(port, "anything", "anything"),
    );

    expect(outcome).toEqual({ exitCode: 0, stdout: "auth_check 401\n", stderr: "" });
    expect(requests).toBeEmpty();
  },
  20_000,
);

function setup(auth: string) {
  const config = (url: string) => `
general_settings:
  master_key: ${masterKey}
  pass_through_endpoints:
    - path: /api/public
      target: ${url}/api/public
      include_subpath: true
      ${auth}
      headers:
        LANGFUSE_PUBLIC_KEY: os.environ/LANGFUSE_PUBLIC_KEY
        LANGFUSE_SECRET_KEY: os.environ/LANGFUSE_SECRET_KEY
`;
  const env = { LANGFUSE_PUBLIC_KEY: "pk-of-the-route", LANGFUSE_SECRET_KEY: "sk-of-the-route" };
  return { config, env, answer };
}

function run(port: number, publicKey: string, secretKey: string) {
  const clocks = ["langfuse._client.client"];
  const env = { PUBLIC_KEY: publicKey, SECRET_KEY: secretKey };
  return runPython({ venv: "current", script: "langfuse-current.py", clocks, env }, port);
}

/** The spans of an OTLP request as text; the SDK sends them compressed. */
function tracesOf({ requests }: Way): string {
  const request = requests.find(({ target }) => target === "/api/public/otel/v1/traces");
  const lines = request?.headerLines ?? [];
  expect(headerValues(lines, "content-type")).toEqual(["application/x-protobuf"]);
  return gunzipSync(request?.body() ?? "").toString();
}

function answer({ target }: RecordedRequest): Step[] {
  if (target === "/api/public/projects") {
    const organization = { id: "org", name: "Org" };
    return [json(200, { data: [{ id: "p1", name: "Project", metadata: {}, organization }] })];
  }
  if (target.startsWith("/api/public/v2/prompts/")) return [json(200, prompt)];
  if (target === "/api/public/scores") return [json(200, { id: "score" })];
  return [reply(200, ["Content-Type: application/x-protobuf"])];
}

const prompt = {
  name: "folder/naïve prompt",
  version: 3,
  type: "text",
  prompt: "Hello ☃",
  config: {},
  labels: ["latest"],
  tags: [],
};
