import { expect, test } from "bun:test";
import { json } from "./answers.ts";
import { bothWays, outcomeOf, sentText, throughGateway, type Outcome } from "./both-ways.ts";
import { expectSameCalls } from "./same-calls.ts";
import {
  briaCurl,
  cohereAuthConfig,
  cohereAuthCurl,
  cohereConfig,
  cohereCurl,
  cohereForwardConfig,
  cohereReply,
  cohereShortCurl,
  cohereSpecConfig,
} from "./seeds.ts";

const cohereKey = "cohere-key-of-the-route";
const cohereHeaders = {
  Authorization: `bearer ${cohereKey}`,
  "content-type": "application/json",
  accept: "application/json",
};

const seed = test.skipIf(Bun.which("curl") === null && !process.env["CI"]);

seed.each([
  ["the tutorial's config", cohereConfig, cohereCurl],
  ["the tutorial's config, one document", cohereConfig, cohereShortCurl],
  ["the specification's config", cohereSpecConfig, cohereCurl],
  ["auth: true, with the key", cohereAuthConfig, cohereAuthCurl],
])(
  "the Cohere command as written: %s",
  async (_, config, command) => {
    const ways = await bothWays(cohereSetup(config), (port) => shell(command, port));

    expectSameCalls(ways, { own: cohereHeaders });
    expect(ways.relayed.outcome.stdout).toBe(cohereReply);
    expect(sentText(ways)).not.toContain("sk-1234");
  },
  20_000,
);

seed(
  "the Cohere command as written, with forward_headers, sends what else curl sends",
  async () => {
    const withOthers = cohereCurl.replace(
      "curl ",
      "curl -H 'X-Request-Source: tutorial' -H 'Authorization: Bearer anything' ",
    );
    const ways = await bothWays(cohereSetup(cohereForwardConfig), (port) =>
      shell(withOthers, port),
    );

    expectSameCalls(ways, {
      own: cohereHeaders,
      forwards: (name) => ["user-agent", "x-request-source"].includes(name),
    });
    expect(sentText(ways)).not.toContain("anything");
  },
);

seed(
  "auth: true refuses the command without the key, and sends nothing on",
  async () => {
    const command = cohereCurl.replace("curl ", "curl --write-out ' %{http_code}' ");
    const { outcome, requests } = await throughGateway(cohereSetup(cohereAuthConfig), (port) =>
      shell(command, port),
    );

    expect(outcome.stdout).toMatch(/^\{"error":\{.*\}\} 401$/);
    expect(outcome.stdout).not.toContain("sk-1234");
    expect(requests).toBeEmpty();
  },
  20_000,
);

seed(
  "the Bria command as written goes below /bria with the route's own api_token",
  async () => {
    const answer = json("HTTP/1.1 200 OK", {
      result: [{ urls: ["https://example.com/book.png"] }],
    });
    const setup = { config: briaConfig, env: { BRIA_API_KEY: "bria-key" }, answer: [answer] };
    const command = briaCurl.replace("<your litellm api key>", "sk-1234");
    const ways = await bothWays(setup, async (port, way) =>
      withoutHopHeaders(
        await shell(way === "direct" ? command.replace("/bria/", "/") : command, port),
      ),
    );

    expectSameCalls(ways, { own: { api_token: "bria-key" } });
    expect(ways.relayed.requests[0]?.headerLines).toContain("api_token: bria-key");
    expect(ways.relayed.requests[0]?.requestLine).toBe("POST /v1/text-to-image/base/2.3 HTTP/1.1");
    expect(ways.relayed.outcome.stdout).toStartWith("http/1.1 200 ok\r\ncontent-type: ");
    expect(sentText(ways)).not.toContain("sk-1234");
  },
  20_000,
);

function cohereSetup(config: string) {
  return {
    config: (url: string) => config.replace("https://api.cohere.com", url),
    env: { COHERE_API_KEY: cohereKey },
    answer: [json("HTTP/1.1 200 OK", cohereReply)],
  };
}

/** The page shows this route as pictures of a form. */
function briaConfig(url: string): string {
  return `
general_settings:
  master_key: sk-1234
  pass_through_endpoints:
    - path: /bria
      target: ${url}
      include_subpath: true
      auth: true
      headers:
        api_token: os.environ/BRIA_API_KEY
`;
}

/** Runs a command in a shell; where it succeeds, curl's progress meter is of no interest. */
async function shell(command: string, port: number): Promise<Outcome> {
  const outcome = await outcomeOf(["bash", "-c", command.replaceAll(":4000", `:${port}`)]);
  return outcome.exitCode === 0 ? { ...outcome, stderr: "" } : outcome;
}

/** What `curl -i` prints, without the headers that each server sets for itself. */
function withoutHopHeaders(outcome: Outcome): Outcome {
  const stdout = outcome.stdout.toLowerCase();
  return { ...outcome, stdout: stdout.replace(/^(date|x-litellm-[a-z-]+): .*\r\n/gm, "") };
}
