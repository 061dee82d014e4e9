import { expect, test } from "bun:test";
import { gunzipSync } from "node:zlib";
import { headerValues } from "../helpers/http1.ts";
import { reply, type RecordedRequest, type Step } from "../helpers/raw-upstream.ts";
import { json } from "./answers.ts";
import { bothWays } from "./both-ways.ts";
import { runPython, withoutVenv } from "./python.ts";
import { expectSameCalls } from "./same-calls.ts";

const script = {
  venv: "current",
  script: "langfuse-current.py",
  clocks: ["langfuse._client.client"],
} as const;

test.skipIf(withoutVenv("current"))(
  "a current Langfuse SDK below /api/public: auth check, traces, scores and prompts",
  async () => {
    const setup = {
      config,
      env: { LANGFUSE_PUBLIC_KEY: "pk-of-the-route", LANGFUSE_SECRET_KEY: "sk-of-the-route" },
      answer,
    };
    const ways = await bothWays(setup, (port) => runPython(script, port));

    const credentials = Buffer.from("pk-of-the-route:sk-of-the-route").toString("base64");
    expectSameCalls(ways, {
      own: { Authorization: `Basic ${credentials}` },
      forwards: (name) => name.startsWith("x-langfuse-"),
    });
    expect(ways.relayed.outcome.stdout).toBe("auth_check True\nHello ☃\n");
    expect(ways.relayed.requests.map((request) => request.requestLine).toSorted()).toEqual([
      "GET /api/public/projects HTTP/1.1",
      "GET /api/public/v2/prompts/folder%2Fna%C3%AFve%20prompt?label=latest+%26+best HTTP/1.1",
      "POST /api/public/otel/v1/traces HTTP/1.1",
      "POST /api/public/scores HTTP/1.1",
    ]);
    const traces = ways.relayed.requests.find(({ target }) => target.endsWith("/traces"));
    expect(headerValues(traces?.headerLines ?? [], "content-type")).toEqual([
      "application/x-protobuf",
    ]);
    expect(gunzipSync(traces?.body() ?? "").includes("x".repeat(5_000))).toBe(true);
    for (const { headerLines } of ways.relayed.requests) {
      expect(headerLines.join("\n")).not.toContain("sk-of-the-client");
    }
  },
);

function config(url: string): string {
  return `
general_settings:
  master_key: sk-1234
  pass_through_endpoints:
    - path: /api/public
      target: ${url}/api/public
      include_subpath: true
      headers:
        LANGFUSE_PUBLIC_KEY: os.environ/LANGFUSE_PUBLIC_KEY
        LANGFUSE_SECRET_KEY: os.environ/LANGFUSE_SECRET_KEY
`;
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
