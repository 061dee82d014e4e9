import { afterAll, expect, test } from "bun:test";
import { join } from "node:path";
import { runTollgate, startGateway } from "../helpers/gateway.ts";

const master = "sk-master-key-of-this-test";
const binary = Buffer.from([0, 1, 2, 0xff, 0xfe]);

const upstream = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  fetch: async (request) => {
    const bytes = await request.bytes();
    const { pathname } = new URL(request.url);
    if (pathname.endsWith("/binary")) return new Response(binary);
    return new Response(`said ${new TextDecoder().decode(bytes)}`);
  },
});

const gateway = await startGateway(`general_settings:
  master_key: ${master}
  pass_through_endpoints:
    - { path: /sample, target: "tollgate://sample", include_subpath: true, auth: true, log: bodies }
    - { path: /up, target: "http://127.0.0.1:${upstream.port}", include_subpath: true, auth: true, log: bodies }
    - { path: /quiet, target: "tollgate://sample", include_subpath: true, auth: true }
`);

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await upstream.stop(true);
});

const authorization = `Bearer ${master}`;
const get = (path: string) => fetch(gateway.url + path, { headers: { authorization } });
const text = async (path: string) => await (await get(path)).text();

/** Makes a call; its id. */
async function call(
  path: string,
  body: string | Buffer<ArrayBuffer>,
  headers: Record<string, string> = {},
) {
  const all = { "content-type": "application/json", authorization, ...headers };
  const reply = await fetch(gateway.url + path, { method: "POST", headers: all, body });
  await reply.arrayBuffer();
  return reply.headers.get("x-litellm-call-id") ?? "";
}

const shown = async (id: string) => JSON.parse(await text(`/spend/logs/ui/${id}`));

async function found(query: string): Promise<string[]> {
  const { data }: { data: { request_id: string }[] } = JSON.parse(
    await text(`/spend/logs/v2?${query}`),
  );
  return data.map(({ request_id }) => request_id);
}

const chat = (parts: object) =>
  JSON.stringify({ model: "sample", messages: [{ role: "user", content: "pineapple" }], ...parts });

test("one call with its bodies, as JSON where they are", async () => {
  const id = await call("/sample/v1/chat/completions?x=1&key=secret-in-query", chat({ n: 1 }), {
    "x-api-key": "secret-in-header",
  });

  const body = await shown(id);

  expect(body).toMatchObject({
    request_id: id,
    messages: { model: "sample", messages: [{ content: "pineapple" }] },
    response: { object: "chat.completion" },
    request: {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: chat({ n: 1 }),
      body_base64: null,
      bytes: chat({ n: 1 }).length,
      truncated: false,
    },
    reply: { status: 200, truncated: false },
  });
  expect(body.as_curl).toContain("$TOLLGATE_KEY");
  expect(JSON.stringify(body)).not.toMatch(/secret-in|sk-master/);
});

test("a stream is put together", async () => {
  const body = await shown(await call("/sample/v1/chat/completions", chat({ stream: true })));

  expect(body.reply.body).toContain("data: ");
  expect(body.response).toBe(body.reply.assembled);
  expect(body.response).not.toContain("data:");
});

test("what is not text is shown in base64", async () => {
  const id = await call("/up/binary", binary, { "content-type": "application/octet-stream" });

  const body = await shown(id);
  const command = await get(`/spend/logs/ui/${id}/curl`);

  expect(body.messages).toEqual({});
  expect(body.request).toMatchObject({ body: null, body_base64: binary.toString("base64") });
  expect(body.reply).toMatchObject({ body: null, body_base64: binary.toString("base64") });
  expect(command.headers.get("content-type")).toBe("text/plain; charset=utf-8");
  expect(command.headers.get("x-content-type-options")).toBe("nosniff");
  expect(await command.text()).toContain("--data-binary @body");
});

test("the command repeats the call through this gateway", async () => {
  const said = `it's "quoted" $HOME \`id\` @file\nnext {"a":[1]}`;
  const id = await call("/up/text?a=b&c[]={d}", said, { "content-type": "text/plain" });
  const command = await text(`/spend/logs/ui/${id}/curl`);

  const child = Bun.spawn(["sh"], {
    stdin: Buffer.from(command.replace("curl ", "curl -s -i ")),
    stdout: "pipe",
    env: { PATH: process.env["PATH"], TOLLGATE_KEY: master },
  });
  const reply = await new Response(child.stdout).text();
  const again = /^x-litellm-call-id: (.*)\r$/im.exec(reply)?.[1] ?? "";

  expect(reply.endsWith(`said ${said}`)).toBe(true);
  const [first, second] = [await shown(id), await shown(again)];
  expect(second.request.body).toBe(first.request.body);
  expect(second.request.url).toBe(first.request.url);
  expect(second.request.headers["content-type"]).toBe("text/plain");
});

test("a search finds calls by words of either body, and the other filters still count", async () => {
  const one = await call("/up/one", "zebra crossing");
  const other = await call("/up/other", "zebra crossing again");
  await call("/quiet/echo", "zebra crossing in silence");

  expect(await found("search=zebra+crossing")).toEqual([other, one]);
  expect(await found("search=zebra+again")).toEqual([other]);
  expect(await found("search=zebra&sort_order=asc")).toEqual([one, other]);
  expect(await found("search=zebra&http_status=404")).toEqual([]);
  expect(await found("search=zebra&end_date=2020-01-01")).toEqual([]);
  expect(await found("search=nowhere-to-be-found")).toEqual([]);
  const lines = (await text("/spend/logs/export?search=zebra")).trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line).request_id)).toEqual([one, other]);
  expect(await text("/spend/logs/export?search=nowhere-to-be-found")).toBe("");
});

test("the command line shows one call with its bodies, and nothing that a terminal obeys", async () => {
  const id = await call("/up/ansi", "first\u001b[31m line\r\n\tsecond\u202e line");
  const place = ["--data-dir", join(gateway.dir, "data")];

  const { code, stdout } = await runTollgate(["logs", id, ...place]);
  const searched = await runTollgate(["logs", "--search", "second", "--json", ...place]);

  expect(code).toBe(0);
  expect(stdout).toContain("> POST /up/ansi\n");
  expect(stdout).toContain("first?[31m line\n\tsecond? line");
  expect(stdout).toContain("\nAgain:\n");
  expect(stdout).not.toContain(master);
  expect(JSON.parse(searched.stdout).request_id).toBe(id);
});
