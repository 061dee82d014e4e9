import type { Gateway } from "../helpers/gateway.ts";
import { pageKey } from "./browser.ts";
import { headerOf, inParallel } from "./hostile-data.ts";
import { marked, payloads } from "./payloads.ts";

/** An upstream that sends back what it gets, as whatever the query's `type` says, with headers that are hostile too. */
export function startEcho(): Bun.Server<undefined> {
  return Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      const type = new URL(request.url).searchParams.get("type") ?? "application/json";
      const headers = {
        "content-type": type,
        "content-language": headerOf(marked(7, "replyheader")),
        link: "<https://evil.invalid/a.css>; rel=preload; as=style",
        refresh: "0;url=https://evil.invalid/",
        "content-security-policy": "default-src *",
      };
      return new Response(await request.bytes(), { headers });
    },
  });
}

export type Body = string | Uint8Array<ArrayBuffer>;

/** Bodies of every form that the page knows how to show, by a name; each with its content type. */
export function hostileBodies(): ReadonlyMap<string, readonly [type: string, body: Body]> {
  const each = payloads.map((_, index) => marked(index, "body"));
  const markup = each.join("\n");
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="40" height="40" onload="parent.pwned=1"><script>top.pwned=1</script><style>@import url(//evil.invalid/s.css);</style><image href="//evil.invalid/i.png" width="9" height="9"/><use href="//evil.invalid/u.svg#a"/><foreignObject width="9" height="9"><iframe xmlns="http://www.w3.org/1999/xhtml" src="//evil.invalid/"/></foreignObject><rect width="40" height="40" fill="red"/></svg>`;
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const events = each.map((text, index) => {
    const data = { choices: [{ index: 0, delta: { content: text } }], model: text };
    return `event: ${headerOf(marked(index, "event"))}\nid: ${index}<b>\ndata: ${JSON.stringify(data)}\n\n`;
  });
  const media = {
    svg: `data:image/svg+xml;base64,${base64(svg)}`,
    html: `data:text/html;base64,${base64("<script>opener.pwned=1</script>".repeat(4))}`,
    plain: `data:image/svg+xml,${encodeURIComponent(svg)}`,
    b64_json: `iVBORw0KGgo${base64("<script>pwned=1</script>".repeat(9))}`,
    "]<img src=x onerror=pwned=1>": `data:image/svg+xml;base64,${base64(svg)}`,
    audio: `SUQz${base64("<script>pwned=1</script>".repeat(9))}`,
    image_url: { url: "https://evil.invalid/a.png" },
  };
  const odd = `{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"toJSON":1,"huge":1e400,"long":${"9".repeat(5000)},"neg":-0,"":"","length":-1,"hasOwnProperty":1,"a\\u0000b":"\\ud800"}`;
  return new Map<string, readonly [string, Body]>([
    [
      "json",
      ["application/json", JSON.stringify(Object.fromEntries(each.map((one) => [one, one])))],
    ],
    ["html", ["text/html", `<!doctype html><script>pwned=1</script>${markup}`]],
    ["svg", ["image/svg+xml", svg]],
    [
      "xml",
      [
        "application/xml",
        `<?xml-stylesheet href="javascript:pwned=1"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;${markup}</a>`,
      ],
    ],
    ["events", ["text/event-stream", `${events.join("")}data: [DONE]\n\n`]],
    ["lines", ["application/x-ndjson", each.map((one) => `${JSON.stringify({ one })}\n`).join("")]],
    ["text", ["text/plain; charset=utf-8", markup]],
    ["media", ["application/json", JSON.stringify(media)]],
    ["odd", ["application/json", odd]],
    ["deep", ["application/json", `${"[".repeat(20_000)}${"]".repeat(20_000)}`]],
    ["word", ["text/plain", "W".repeat(1_000_000)]],
    ["wordjson", ["application/json", JSON.stringify({ word: "<b>".repeat(333_333) })]],
    [
      "bytes",
      ["application/octet-stream", new Uint8Array([0, 255, 60, 115, 99, 114, 105, 112, 116, 62])],
    ],
    ["sound", ["audio/mpeg", "<script>pwned=1</script>"]],
    ["picture", ["image/png", `<img src=//evil.invalid/p.png>${markup}`]],
    ["type", ['text/x"><img src=x onerror=pwned=1>; charset="<svg/onload=pwned=1>"', markup]],
    [
      "form",
      [
        "application/x-www-form-urlencoded",
        each.map((one) => `${encodeURIComponent(one)}=${encodeURIComponent(one)}`).join("&"),
      ],
    ],
  ]);
}

/** Sends it to the upstream through the gateway, as JSON of a model or as a body of its own; the call's id. */
async function call(gateway: Pick<Gateway, "url">, path: string, init: RequestInit) {
  const reply = await fetch(gateway.url + path, { method: "POST", ...init });
  await reply.arrayBuffer();
  const id = reply.headers.get("x-litellm-call-id");
  if (id === null) throw new Error(`${path}: ${reply.status}`);
  return id;
}

/** A call with each payload in every place that a caller has; their ids. */
export async function callWithPayloads(gateway: Pick<Gateway, "url">): Promise<string[]> {
  const keys = await callersOf(gateway);
  const ids: string[] = [];
  await inParallel(payloads.length, async (index) => {
    const text = (field: string) => marked(index, field);
    const query = new URLSearchParams({ [text("queryname")]: text("queryvalue") });
    const route = index % 2 === 0 ? "/echo" : "/flat";
    ids[index] = await call(
      gateway,
      `${route}/${encodeURIComponent(text("callpath").replaceAll("../", "_/"))}?${query}`,
      {
        method: index % 3 === 0 ? "PUT" : "POST",
        headers: {
          authorization: `Bearer ${keys[index % keys.length]}`,
          "content-type": "application/json",
          "user-agent": headerOf(text("agent")),
          "x-litellm-tags": headerOf(text("calltag")).replaceAll(",", ";"),
          "x-litellm-end-user-id": headerOf(text("enduser")),
          "x-litellm-spend-logs-metadata": JSON.stringify({ [headerOf(text("note"))]: "<b>" }),
          "accept-language": headerOf(text("requestheader")),
        },
        body: completion(index),
      },
    );
  });
  return ids;
}

/** A call for each body; their ids, by the body's name. */
export async function callWithBodies(gateway: Pick<Gateway, "url">): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  const bodies = [...hostileBodies()];
  await inParallel(bodies.length, async (at) => {
    const [name, [type, body]] = bodies[at] ?? ["", ["", ""]];
    const path = `/echo/${name}?type=${encodeURIComponent(type)}`;
    const headers = { authorization: `Bearer ${pageKey}`, "content-type": type };
    ids.set(name, await call(gateway, path, { headers, body }));
  });
  return ids;
}

/** Both what is asked and what is answered. */
function completion(index: number): string {
  const text = (field: string) => marked(index, field);
  const content = text("content");
  return JSON.stringify({
    object: "chat.completion",
    model: text("model"),
    messages: [{ role: "user", content }],
    choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: content }],
    usage: { prompt_tokens: 9, completion_tokens: 9, total_tokens: 18 },
  });
}

/** Keys that may call everything, some in teams. */
async function callersOf(gateway: Pick<Gateway, "url">): Promise<string[]> {
  const keys: string[] = [];
  await inParallel(20, async (index) => {
    const reply = await fetch(`${gateway.url}/key/generate`, {
      method: "POST",
      headers: { authorization: `Bearer ${pageKey}`, "content-type": "application/json" },
      body: JSON.stringify({
        key_alias: marked(index * 10, "caller"),
        user_id: marked(index * 10 + 1, "calleruser"),
        tags: [marked(index * 10 + 2, "callertag")],
      }),
    });
    keys.push(String(Object(await reply.json()).key));
  });
  return keys;
}
