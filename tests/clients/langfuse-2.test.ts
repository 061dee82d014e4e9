import { expect, test } from "bun:test";
import type { RecordedRequest } from "../helpers/raw-upstream.ts";
import { json, membersOf } from "./answers.ts";
import { bothWays } from "./both-ways.ts";
import { runPython, withoutVenv } from "./python.ts";
import { expectSameCalls } from "./same-calls.ts";
import { langfuseConfig } from "./seeds.ts";

test.skipIf(withoutVenv("langfuse2"))(
  "the tutorial's Langfuse script as written: its trace arrives with the route's keys",
  async () => {
    const setup = {
      config: (url: string) => langfuseConfig.replace("https://us.cloud.langfuse.com", url),
      env: { LANGFUSE_DEV_PUBLIC_KEY: "pk-of-the-route", LANGFUSE_DEV_SK_KEY: "sk-of-the-route" },
      args: ["--detailed_debug"],
      answer: accepted,
    };
    const clocks = ["langfuse.client", "langfuse._task_manager.task_manager"];
    const script = { venv: "langfuse2", script: "langfuse-seed.py", clocks } as const;
    const ways = await bothWays(setup, (port) => runPython(script, port));

    const credentials = Buffer.from("pk-of-the-route:sk-of-the-route").toString("base64");
    expectSameCalls(ways, { own: { Authorization: `Basic ${credentials}` } });
    const [request] = ways.relayed.requests;
    expect(request?.requestLine).toBe("POST /api/public/ingestion HTTP/1.1");
    expect(request?.body().toString()).toContain("test-trace-litellm-proxy-passthrough");
    expect(request?.headerLines.join("\n")).not.toContain("anything");
    expect(ways.lines.filter(({ event }) => event === "call")).toHaveLength(1);
    expect(ways.lines.map((line) => String(line["message"]))).toContainEqual(
      expect.stringContaining('POST /api/public/ingestion HTTP/1.1" 207 Multi-Status'),
    );
  },
  20_000,
);

/** What Langfuse answers when it took every event of a batch. */
function accepted(request: RecordedRequest) {
  const { batch } = membersOf(request);
  const ids = Array.isArray(batch) ? batch.map(idOf) : [];
  const successes = ids.map((id) => ({ id, status: 201 }));
  return [json("HTTP/1.1 207 Multi-Status", { successes, errors: [] })];
}

function idOf(event: unknown): unknown {
  return typeof event === "object" && event !== null && "id" in event ? event.id : null;
}
