import { afterAll, expect, test } from "bun:test";
import { startGateway } from "../helpers/gateway.ts";
import { rawRequest } from "../helpers/raw-client.ts";
import type { Step } from "../helpers/raw-upstream.ts";
import { gatewayConfig } from "./config.ts";
import { isServerFault, startUpstreams } from "./exchange.ts";
import { judge, mutate, seededRandom, type Random } from "./mutate.ts";
import { framed, get, post, request, virtualKey } from "./row.ts";

const cases = process.env["TOLLGATE_LONG"] === "1" ? 10_000 : 500;
const seed = Number(process.env["TOLLGATE_SEED"] ?? 20_261_121);
const atOnce = 8;
const patienceMs = 240_000;

const upstreams = await startUpstreams();
const gateway = await startGateway(gatewayConfig(upstreams));

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  upstreams[Symbol.dispose]();
});

/** What went wrong, in which case, and its bytes. */
type Fault = readonly [what: string, index: number, bytes: string];

const requests = [
  get("/pt/a/b?x=1&y=%20", "Accept: application/json", "X-A: 1"),
  get("/guarded/a", `Authorization: Bearer ${virtualKey}`),
  get("/pt2/x", "Cookie: a=1; b=2", "Connection: keep-alive, X-A", "X-A: 1"),
  get(`/qk/m?key=${virtualKey}&a=1`),
  post("/pt/json", '{"model":"m","messages":[]}', "Content-Type: application/json"),
  post(
    "/open/form",
    '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--b--\r\n',
    'Content-Type: multipart/form-data; boundary="b"',
  ),
  framed(["Transfer-Encoding: chunked"], "3\r\nabc\r\n5;x=y\r\ndefgh\r\n0\r\n\r\n"),
  framed(["Content-Length: 3", "Expect: 100-continue"], "abc"),
  request("DELETE /pt/x"),
  request("OPTIONS /pt/x", ["Origin: http://localhost"]),
  get("/routes", `Authorization: Bearer ${virtualKey}`),
  get("/health/liveliness"),
  get("/pt/a/../../%2e%2e/x"),
];

test(
  `${cases} mutated requests: an answer to each whole one, none of them a 500`,
  async () => {
    const random = seededRandom(seed);
    const faults: Fault[] = [];

    await inParallel(cases, async (index) => {
      const { text, sent } = nextRequest(random);
      const { port } = gateway;
      const reply =
        sent === "whole"
          ? await rawRequest(port, text, { timeoutMs: 2_000 })
          : await rawRequest(port, [text, 30], { timeoutMs: 2_000, after: "fin" });

      if (isServerFault(reply.status)) faults.push([reply.statusLine, index, text]);
      if (sent === "whole" && reply.status === 0) faults.push([reply.ended, index, text]);
    });

    checkNone(faults);
    checkUpstreams();
    await checkAlive();
  },
  patienceMs,
);

const answers = [
  'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n{"a":1}',
  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-A: 1\r\n\r\n3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n",
  "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n9\r\ndata: 2\n\n\r\n0\r\n\r\n",
  "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nuntil the end",
  "HTTP/1.0 200 OK\r\nConnection: close\r\n\r\nold",
  "HTTP/1.1 200 OK\r\nConnection: keep-alive, X-A\r\nX-A: 1\r\nContent-Length: 2\r\n\r\nok",
  "HTTP/1.1 204 No Content\r\nX-A: 1\r\n\r\n",
  'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\n\r\n',
  "HTTP/1.1 302 Found\r\nLocation: http://other.example/\r\nContent-Length: 0\r\n\r\n",
  "HTTP/1.1 429 Too Many\r\nRetry-After: 1\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Length: 2\r\n\r\nno",
  "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
  `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 31\r\n\r\n\x1f\x8b\x08${"\0".repeat(28)}`,
];

test(
  `${cases} mutated replies: each call is answered, none with a 500 of our own`,
  async () => {
    const random = seededRandom(seed + 1);
    const faults: Fault[] = [];
    const mutated = Array.from({ length: cases }, () =>
      mutate(answers[random(answers.length)] ?? "", random, 0),
    );
    upstreams.answer(({ target }) => answerWith(mutated[Number(target.split("/").at(-1))] ?? ""));

    await inParallel(cases, async (index) => {
      const path = `/pt/fuzz/${index}`;
      const bytes = index % 2 === 0 ? get(path) : post(path, "{}");
      const reply = await rawRequest(gateway.port, bytes, { timeoutMs: 4_000 });

      const answer = mutated[index] ?? "";
      const broken = reply.ended === "reset" && reply.text.startsWith("HTTP/1.1 "); // within the head
      if (reply.status < 200 && !broken) faults.push([`${reply.ended}, no reply`, index, answer]);
      else if (reply.ended === "timeout") faults.push(["no end", index, answer]);
      else if (reply.status === 500 && !/ 500\b/.test(answer))
        faults.push(["a 500", index, answer]);
    });

    checkNone(faults);
    upstreams.answer(undefined);
    checkUpstreams();
    await checkAlive();
  },
  patienceMs,
);

/** Pipelining and trailers are left out. */
function nextRequest(random: Random) {
  for (;;) {
    const base = requests[random(requests.length)] ?? "";
    const fixed = base.indexOf(random(2) === 0 ? "/" : "\r\n");
    const text = mutate(base, random, fixed);
    const sent = judge(text);
    if (sent !== "more") return { text, sent };
  }
}

/** In two writes at times, so that nothing depends on where packets end. */
function answerWith(text: string): readonly Step[] {
  const middle = text.length >> 1;
  if (text.length % 3 > 0) return [{ write: text }, { end: "close" }];
  return [
    { write: text.slice(0, middle) },
    { wait: 2 },
    { write: text.slice(middle) },
    { end: "close" },
  ];
}

/** One line a fault, and not more than can be read. */
function checkNone(faults: readonly Fault[]) {
  const first = faults.slice(0, 12).map((fault) => JSON.stringify(fault));
  if (faults.length > 0)
    throw new Error([`${faults.length} faults, seed ${seed}`, ...first].join("\n"));
}

function checkUpstreams() {
  const places = [
    ...upstreams.first.requests.map(
      ({ requestLine }) => /^[A-Z]+ \/base([/?]\S*)? HTTP\/1\.1$/.test(requestLine) || requestLine,
    ),
    ...upstreams.second.requests.map(
      ({ requestLine }) => /^[A-Z]+ \/other([/?]\S*)? HTTP\/1\.1$/.test(requestLine) || requestLine,
    ),
  ];
  expect(places.filter((place) => place !== true)).toEqual([]);
}

async function checkAlive() {
  const reply = await rawRequest(gateway.port, get("/pt/after"));
  expect(reply.status).toBe(200);
}

async function inParallel(count: number, run: (index: number) => Promise<void>) {
  let next = 0;
  const worker = async () => {
    while (next < count) await run(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
