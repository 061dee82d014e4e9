import { expect, test } from "bun:test";
import { rawRequest } from "./raw-client.ts";
import { reply, startRawUpstream } from "./raw-upstream.ts";

test("a request is recorded as its bytes came, chunked coding and all", async () => {
  using upstream = await startRawUpstream();
  const bytes =
    "POST /a%2Fb?x=1 HTTP/1.1\r\nHost: h\r\nX-Odd:  caf\xe9\r\nTransfer-Encoding: chunked\r\n\r\n3;e=1\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";

  const answer = await rawRequest(upstream.port, [bytes.slice(0, 30), 5, bytes.slice(30)]);

  expect(answer.statusLine).toBe("HTTP/1.1 200 OK");
  expect(answer.body.toString()).toBe("{}");
  expect(answer.ended).toBe("open");
  const [request] = upstream.requests;
  expect(request?.raw().toString("latin1")).toBe(bytes);
  expect(request?.body().toString()).toBe("abcde");
  expect(request?.headerLines).toContain("X-Odd:  caf\xe9");
  expect(request?.ended()).toBe("complete");
});

test("pipelined requests are two records, answered in order", async () => {
  using upstream = await startRawUpstream({
    scripts: {
      "/slow": [{ wait: 20 }, reply(200, [], "first")],
      "/fast": [reply(201, [], "second")],
    },
  });

  const answer = await rawRequest(
    upstream.port,
    "POST /slow HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhiGET /fast HTTP/1.1\r\nHost: h\r\n\r\n",
    { replies: 2 },
  );

  expect(answer.responses.map(({ body }) => body.toString())).toEqual(["first", "second"]);
  expect(upstream.requests.map(({ target }) => target)).toEqual(["/slow", "/fast"]);
});

test("a body that breaks off is recorded as aborted", async () => {
  using upstream = await startRawUpstream();

  await rawRequest(upstream.port, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nab", {
    after: "reset",
  });
  const request = await upstream.waitFor((each) => each.ended() === "aborted");

  expect(request.body().toString()).toBe("ab");
  expect(request.closedAt()).toBeGreaterThan(request.receivedAt);
});

test("a close, a reset and silence are told apart", async () => {
  using upstream = await startRawUpstream({
    scripts: {
      "/close": [{ write: "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab" }, { end: "close" }],
      "/reset": [
        { write: "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab" },
        { wait: 10 },
        { end: "reset" },
      ],
      "/hang": [{ end: "hang" }],
      "/until-close": [{ write: "HTTP/1.1 200 OK\r\n\r\nab" }, { wait: 5 }, { end: "close" }],
    },
  });
  const get = (path: string) =>
    rawRequest(upstream.port, `GET ${path} HTTP/1.1\r\nHost: h\r\n\r\n`, { timeoutMs: 200 });

  expect(await get("/close")).toMatchObject({ ended: "fin", complete: false, status: 200 });
  expect(await get("/reset")).toMatchObject({ ended: "reset", complete: false, status: 200 });
  expect(await get("/hang")).toMatchObject({ ended: "timeout", status: 0 });
  expect(await get("/until-close")).toMatchObject({ ended: "fin", complete: true });
});

test("an early script answers while the body still comes", async () => {
  using upstream = await startRawUpstream({
    early: true,
    fallback: [{ read: "pause" }, reply(413, []), { end: "close" }],
  });

  const answer = await rawRequest(
    upstream.port,
    "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99\r\n\r\na",
  );

  expect(answer.status).toBe(413);
  expect(upstream.requests[0]?.ended()).not.toBe("complete");
});
