import { afterAll, describe, expect, test } from "bun:test";
import { askingForUsage } from "../../src/gateway/ask-for-usage.ts";
import { editFrames } from "../../src/gateway/edit-frames.ts";
import { usageFrameOf, withCost } from "../../src/gateway/usage-frames.ts";
import { startGateway } from "../helpers/gateway.ts";
import { spendLogs } from "../helpers/keys.ts";
import { rawRequest } from "../helpers/raw-client.ts";
import { type Step, startRawUpstream } from "../helpers/raw-upstream.ts";
import { config, masterKey, post } from "./wire.ts";

/** After the example of https://platform.openai.com/docs/api-reference/chat-streaming, seen 2026-11-21. */
const openai = (end: string) => [
  `data: {"id":"c1","object":"chat.completion.chunk","model":"gpt-4o","choices":[{"index":0,"delta":{"content":"Hé"}}],"usage":null}${end}${end}`,
  `: a comment${end}data: {"id":"c1","object":"chat.completion.chunk","model":"gpt-4o","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null}${end}${end}`,
  `data: {"id":"c1","object":"chat.completion.chunk","model":"gpt-4o","choices":[],"usage":{"prompt_tokens":19,"completion_tokens":10,"total_tokens":29}}${end}${end}`,
  `data: [DONE]${end}${end}`,
];

const counts = `"total_tokens":29}`;
/** 19 × $2.50 and 10 × $10 a million. */
const costed = `"total_tokens":29,"cost":0.0001475}`;

const auth = `Authorization: Bearer ${masterKey}`;
const json = "Content-Type: application/json";
const stream = (more = "") => `{"model":"gpt-4o","stream":true${more},"messages":[]}`;
const asking = stream(',"stream_options":{"include_usage":true}');

const upstream = await startRawUpstream();
const settings = `provider: openai, auth: true, target: "${upstream.url}/v1/chat/completions"`;
const gateway = await startGateway(
  `${config([`path: /cost, ${settings}`, `path: /ask, ${settings}, request_stream_usage: true`], `master_key: ${masterKey}`)}
litellm_settings:
  include_cost_in_streaming_usage: true
`,
);

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  upstream[Symbol.dispose]();
});

const head =
  "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

/** The upstream sends these pieces, one after the other. */
function answer(pieces: readonly (string | Uint8Array)[], more = ""): void {
  const chunks = pieces.flatMap((piece): Step[] => {
    const bytes = Buffer.from(piece);
    return [
      {
        write: Buffer.concat([
          Buffer.from(`${bytes.length.toString(16)}\r\n`),
          bytes,
          Buffer.from("\r\n"),
        ]),
      },
      { wait: 2 },
    ];
  });
  const start = head.replace("\r\n\r\n", `\r\n${more}\r\n`);
  upstream.scripts.set("/v1/chat/completions", [
    { write: start },
    ...chunks,
    { write: "0\r\n\r\n" },
  ]);
}

async function bodyOf(path: string, body: string): Promise<string> {
  const reply = await rawRequest(gateway.port, post(path, body, auth, json));
  expect(reply.status).toBe(200);
  expect(reply.complete).toBe(true);
  return reply.body.toString();
}

describe.each([
  ["LF", "\n"],
  ["CRLF", "\r\n"],
  ["CR", "\r"],
])("include_cost_in_streaming_usage, lines end with %s", (_, end) => {
  const frames = openai(end);
  const whole = frames.join("");

  test("the usage frame tells the cost, every other byte is the upstream's", async () => {
    answer(frames);

    expect(await bodyOf("/cost", asking)).toBe(whole.replace(counts, costed));
  });

  test("wherever the pieces are cut", async () => {
    const bytes = Buffer.from(whole);
    const edited = whole.replace(counts, costed);
    for (let cut = 1; cut < bytes.length; cut++) {
      const pieces = [bytes.subarray(0, cut), bytes.subarray(cut)];
      expect(await editedBy(pieces, 147_500)).toBe(edited);
    }
  });
});

/** The same edit without a gateway. */
async function editedBy(pieces: readonly Uint8Array[], cost: number): Promise<string> {
  const source = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start: (controller) => {
      for (const piece of pieces) controller.enqueue(Uint8Array.from(piece));
      controller.close();
    },
  });
  const edited = editFrames(source, {
    watch: () => {},
    markers: ['"usage"'],
    edit: (frame) => {
      const found = usageFrameOf(frame);
      return found === null ? frame : withCost(frame, found, cost);
    },
  });
  return new Response(edited).text();
}

test("a frame that is not UTF-8, a broken one and one without an end go on as they came", async () => {
  const odd = Buffer.concat([
    Buffer.from('data: {"usage":{"prompt_tokens":1},"text":"'),
    Buffer.from([0xff, 0xfe]),
    Buffer.from('"}\n\ndata: {"usage":{"prompt_tokens":1}\n\ndata: {"usage":{"a":1\n'),
  ]);
  answer([odd]);

  const reply = await rawRequest(gateway.port, post("/cost", asking, auth, json));

  expect(reply.body.equals(odd)).toBe(true);
});

test("other APIs' frames: Anthropic's, Gemini's, OpenAI's responses", () => {
  const frames = [
    'event: message_delta\ndata: {"type":"message_delta","delta":{},"usage":{"output_tokens":15}}\n\n',
    'data: {"candidates":[],"usageMetadata":{"promptTokenCount":4}}\n\n',
    'data: {"type":"response.completed","response":{"usage":{"input_tokens":1,"details":{"x":"}"}}}}\n\n',
    'data: {"usage":{}}\n\n',
  ];

  const edited = frames.map((frame) => {
    const found = usageFrameOf(frame);
    return found === null ? frame : withCost(frame, found, 1_500);
  });

  const [anthropic = "", gemini = "", responses = "", empty = ""] = frames;
  expect(edited).toEqual([
    anthropic.replace("15}", '15,"cost":0.0000015}'),
    gemini.replace("4}", '4,"cost":0.0000015}'),
    responses.replace('"x":"}"}}', '"x":"}"},"cost":0.0000015}'),
    empty.replace("{}", '{"cost":0.0000015}'),
  ]);
});

test("a frame with many lines and no data costs no time", () => {
  const before = performance.now();

  expect(usageFrameOf(`${': "usage"\r\n'.repeat(5_000)}\r\n`)).toBeNull();
  expect(usageFrameOf(`data: {"usage":{"a":"${"x".repeat(240_000)}"}}\n\n`)).not.toBeNull();

  expect(performance.now() - before).toBeLessThan(500); // it doubled with every line once
});

test("a reader that takes nothing holds the upstream back, edited or not", async () => {
  let asked = 0;
  const source = new ReadableStream<Uint8Array<ArrayBuffer>>({
    type: "bytes",
    pull: (controller) => {
      asked += 1;
      controller.enqueue(new TextEncoder().encode('data: {"usage":null}\n\n'));
    },
  });
  const edited = editFrames(source, { watch: () => {}, markers: ['"usage"'], edit: (f) => f });
  const reader = edited.getReader();

  await reader.read();
  await Bun.sleep(50);

  expect(asked).toBeLessThan(10);
  await reader.cancel();
});

test("a coded stream goes on as it came", async () => {
  const coded = Bun.gzipSync(Buffer.from(openai("\n").join("")));
  answer([coded], "Content-Encoding: gzip\r\n");

  const reply = await rawRequest(gateway.port, post("/cost", asking, auth, json));

  expect(reply.body.equals(Buffer.from(coded))).toBe(true);
});

describe("request_stream_usage", () => {
  test("usage is asked for, and the frame that only we wanted is taken out", async () => {
    const frames = openai("\n");
    answer(frames);

    const body = await bodyOf("/ask", stream());

    expect(body).toBe(frames.toSpliced(2, 1).join(""));
    const sent = upstream.requests.at(-1)?.body().toString();
    expect(sent).toBe(stream().replace("{", '{"stream_options":{"include_usage":true},'));
    const [row] = await spendLogs(gateway, { route: "/ask" });
    expect(row).toMatchObject({ spend: 0.0001475, estimated: false });
  });

  test("the frame is taken out where it stands last, without a blank line", async () => {
    const [first = "", , extra = ""] = openai("\n");
    answer([first, extra.trimEnd()]);

    expect(await bodyOf("/ask", stream())).toBe(first);
  });

  test("who says that he wants none gets none, and is metered all the same", async () => {
    const frames = openai("\n");
    answer(frames);

    const body = await bodyOf("/ask", stream(',"stream_options":{"include_usage":false}'));

    expect(body).toBe(frames.toSpliced(2, 1).join(""));
    expect(upstream.requests.at(-1)?.body().toString()).toBe(asking);
  });

  test("who asks by himself gets the frame", async () => {
    answer(openai("\n"));

    expect(await bodyOf("/ask", asking)).toBe(openai("\n").join("").replace(counts, costed));
    expect(upstream.requests.at(-1)?.body().toString()).toBe(asking);
  });

  test.each([
    ["no stream", '{"stream":false}'],
    ["no JSON", '{"stream":true'],
    ["strange options", '{"stream":true,"stream_options":[]}'],
    ["twice", '{"stream":true,"stream_options":{"include_usage":false,"include_usage":true}}'],
  ])("%s: the body stays as it is", (_, body) => {
    expect(askingForUsage(body)).toBeNull();
  });

  test("options that are there are filled", () => {
    const body = ' {"stream" : true, "stream_options": { "include_obfuscation":false } }';

    expect(askingForUsage(body)).toBe(
      ' {"stream" : true, "stream_options": {"include_usage":true, "include_obfuscation":false } }',
    );
    expect(askingForUsage('{"stream":true,"stream_options":null}')).toBe(
      '{"stream":true,"stream_options":{"include_usage":true}}',
    );
    expect(askingForUsage('{"stream":true,"stream_options":{}}')).toBe(
      '{"stream":true,"stream_options":{"include_usage":true}}',
    );
  });
});
