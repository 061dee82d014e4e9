import { expect, test } from "bun:test";
import { eventStream } from "../../src/sample/event-stream.ts";
import { rawRequest } from "../helpers/raw-client.ts";
import { sample } from "./sample.ts";
import { sampleProcess } from "./sample-process.ts";

/** Longer than the test may take, so that a timer left behind would show. */
const minute = 60_000;

async function leave(port: number, request: string) {
  await rawRequest(port, [`${request} HTTP/1.1\r\nHost: a\r\n\r\n`, 50], { after: "reset" });
}

test("a client that leaves a stream closes the iterator", async () => {
  const closed = Promise.withResolvers<string>();
  function* endless() {
    try {
      for (;;) yield "data: x\n\n";
    } finally {
      closed.resolve("closed");
    }
  }
  using server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: () => eventStream(endless(), minute),
  });

  const response = await fetch(server.url);
  const reader = response.body?.getReader();
  await reader?.read();
  await reader?.cancel();

  expect(await closed.promise).toBe("closed");
});

test("clients that leave leave no timers behind, and no word in the log", async () => {
  await using upstream = await sampleProcess();
  const port = Number(new URL(upstream.url).port);

  await leave(port, `GET /sse?interval_ms=${minute}`);
  await leave(port, `GET /delay/${minute}`);
  await rawRequest(port, ["PUT /x HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc", 50], {
    after: "reset",
  });

  expect(await upstream.stop()).toBe("");
});

test("stop breaks off what still runs, and frees the port", async () => {
  await using upstream = await sampleProcess();

  const stream = await fetch(`${upstream.url}/sse?interval_ms=${minute}`);
  const delayed = fetch(`${upstream.url}/delay/${minute}`).catch(() => "broken off");
  await Bun.sleep(50);
  const log = await upstream.stop();

  expect(log).toBe("");
  expect(await delayed).toBe("broken off");
  await expect(stream.text()).rejects.toThrow();
  await expect(fetch(upstream.url)).rejects.toThrow();
});

test("the server goes on after clients have left", async () => {
  using upstream = sample();

  await leave(upstream.port, "GET /sse");
  await leave(upstream.port, "GET /bytes/1000000000");

  expect((await fetch(`${upstream.url}/status/200`)).status).toBe(200);
});
