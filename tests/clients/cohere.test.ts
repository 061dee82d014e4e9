import { expect, test } from "bun:test";
import { json, membersOf } from "./answers.ts";
import { bothWays, sentText } from "./both-ways.ts";
import { runPython, withoutVenv } from "./python.ts";
import { expectSameCalls } from "./same-calls.ts";
import { cohereAuthConfig, cohereConfig, cohereForwardConfig, cohereReply } from "./seeds.ts";

const cohereHeaders = {
  Authorization: "bearer cohere-key-of-the-route",
  "content-type": "application/json",
  accept: "application/json",
};

test.skipIf(withoutVenv("current")).each([
  ["the tutorial's config", cohereConfig, "anything", "none"],
  ["auth: true, with the key", cohereAuthConfig, "sk-1234", "none"],
  ["forward_headers, with a key of the client's", cohereForwardConfig, "anything", "all"],
])(
  "Cohere's SDK through /v1/rerank: %s",
  async (_, config, clientKey, forwards) => {
    const setup = {
      config: (url: string) => config.replace("https://api.cohere.com", url),
      env: { COHERE_API_KEY: "cohere-key-of-the-route" },
      answer: [json("HTTP/1.1 200 OK", cohereReply)],
    };
    const ways = await bothWays(setup, (port) =>
      runPython(
        { venv: "current", script: "cohere-rerank.py", env: { CLIENT_KEY: clientKey } },
        port,
      ),
    );

    expectSameCalls(ways, {
      own: cohereHeaders,
      forwards: (name) => forwards === "all" && name !== "authorization",
    });
    const [request] = ways.relayed.requests;
    expect(request?.requestLine).toBe("POST /v1/rerank HTTP/1.1");
    expect(request && membersOf(request)["top_n"]).toBe(3);
    expect(ways.relayed.outcome.stdout).toContain("0.7867867");
    expect(sentText(ways)).not.toContain(clientKey);
  },
  20_000,
);
