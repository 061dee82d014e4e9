import { expect, test } from "bun:test";
import { adminPaths } from "../../src/http/admin-paths.ts";
import { type Gateway, startGateway } from "../helpers/gateway.ts";
import { startRawUpstream } from "../helpers/raw-upstream.ts";

const master = "sk-master-key-of-this-test";

/** Routes that look at nothing but the caller's own key, so that a virtual key will do. */
const forAnyKey = ["GET /key/info"];

/** Open to everybody, but from the page alone: its own header is missing here. */
const ofThePage = ["POST /ui/session", "DELETE /ui/session"];

interface Line {
  readonly method: string;
  readonly path: string;
  readonly open: boolean;
}

async function start() {
  const upstream = await startRawUpstream();
  const gateway = await startGateway(`general_settings:
  master_key: ${master}
  admin_hosts: [a, ab, abc]
  pass_through_endpoints:
    - { path: /, target: "${upstream.url}", include_subpath: true, auth: false }
`);
  return {
    upstream,
    gateway,
    async [Symbol.asyncDispose]() {
      upstream[Symbol.dispose]();
      await gateway[Symbol.asyncDispose]();
    },
  };
}

function ask(gateway: Gateway, line: string, key: string | null, host = "localhost") {
  const [method = "", path = ""] = line.split(" ");
  const headers = new Headers({ host });
  if (key !== null) headers.set("authorization", `Bearer ${key}`);
  if (method === "POST") headers.set("content-type", "application/json");
  const body = method === "POST" ? { body: "{}" } : {};
  return fetch(gateway.url + path, { method, headers, ...body });
}

async function made(gateway: Gateway, body: unknown): Promise<string> {
  const reply = await fetch(`${gateway.url}/key/generate`, {
    method: "POST",
    headers: { authorization: `Bearer ${master}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const { key }: { key: string } = JSON.parse(await reply.text());
  return key;
}

/** Every operation that the running gateway tells of, with something in the place of what varies. */
async function operations(gateway: Gateway): Promise<Line[]> {
  const reply = await ask(gateway, "GET /openapi.json", null);
  const document: { paths: Record<string, Record<string, { security: object[] }>> } = JSON.parse(
    await reply.text(),
  );
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { security }]) => ({
      method: method.toUpperCase(),
      path: path.replace(/\{\w+\}/g, "not-there"),
      open: security.length === 0,
    })),
  );
}

test("the running gateway's documents tell of every path of the admin API", async () => {
  await using both = await start();

  const reply = await ask(both.gateway, "GET /openapi.json", null);
  const { paths }: { paths: Record<string, unknown> } = JSON.parse(await reply.text());

  const documents = ["/docs/api", "/openapi.json"];
  expect([...Object.keys(paths), ...documents].sort()).toEqual([...adminPaths].sort());
});

test("every route, and who may call it: no key, another key, a virtual key, an admin key, the master key", async () => {
  await using both = await start();
  const { gateway } = both;
  const virtual = await made(gateway, {});
  const admin = await made(gateway, { user_role: "proxy_admin" });
  const another = "sk-another-key-of-this-test";

  for (const { method, path, open } of await operations(gateway)) {
    const line = `${method} ${path}`;
    const statuses: number[] = [];
    const texts: string[] = [];
    for (const key of [null, another, virtual, admin, master]) {
      const reply = await ask(gateway, line, key);
      statuses.push(reply.status);
      texts.push(await reply.text());
    }
    if (ofThePage.includes(line)) {
      expect([line, ...statuses]).toEqual([line, 403, 403, 403, 403, 403]);
      continue;
    }
    const [none, other, held, ...admins] = statuses;
    const kept = forAnyKey.includes(line) ? 200 : 403;
    expect([line, none, other, held]).toEqual(
      open ? [line, 200, 200, 200] : [line, 401, 401, kept],
    );
    expect([line, admins.filter((status) => [401, 403, 429, 500].includes(status))]).toEqual([
      line,
      [],
    ]);
    for (const secret of [another, virtual, admin, master]) {
      expect([line, texts.join().includes(secret)]).toEqual([line, false]);
    }
  }
  expect(both.upstream.requests).toEqual([]);
  for (const secret of [another, virtual, admin, master]) {
    expect(gateway.stderr()).not.toContain(secret);
  }
});

test("under a short name every route is the same one as under a long one", async () => {
  await using both = await start();
  const { gateway } = both;

  for (const { method, path } of await operations(gateway)) {
    const line = `${method} ${path}`;
    if (/^POST \/(?:key\/generate|team\/new|config\/rotate_key)$/.test(line)) continue;
    const wanted = await ask(gateway, line, master);
    const text = await wanted.text();
    for (const host of ["a", "ab", "abc"]) {
      const reply = await ask(gateway, line, master, host);
      expect([line, host, reply.status, await reply.text()]).toEqual([
        line,
        host,
        wanted.status,
        /^GET \/(?:audit|metrics)/.test(line) ? expect.any(String) : text,
      ]);
    }
  }
});

const noPage = /^(?:application\/(?:json|x-ndjson)|text\/(?:csv|plain))\b/;

test("no reply of the admin API is read as a page, whatever it holds", async () => {
  await using both = await start();
  const lines = (await operations(both.gateway)).map(({ method, path }) => `${method} ${path}`);
  const markup = "%3Cscript%3Ealert(1)";

  for (const line of [...lines, `GET /key/info?key=${markup}`, `GET /spend/logs/ui/${markup}`]) {
    for (const key of [null, line.startsWith("GET ") ? master : null]) {
      const { headers } = await ask(both.gateway, line, key);
      const type = headers.get("content-type") ?? "";
      expect([line, type]).toEqual([line, expect.stringMatching(noPage)]);
      expect([line, headers.get("x-content-type-options")]).toEqual([line, "nosniff"]);
    }
  }
});

test("a method that a path does not take is a 405 that names those that it does", async () => {
  await using both = await start();
  const { gateway } = both;
  const taken = new Map<string, string[]>();
  for (const { method, path } of await operations(gateway)) {
    taken.set(path, [...(taken.get(path) ?? []), method]);
  }
  const belowPage = (path: string) => path.startsWith("/ui/");

  for (const [path, methods] of taken) {
    for (const method of ["PATCH", "PUT", "OPTIONS", "DELETE", "GET"]) {
      if (methods.includes(method) || belowPage(path)) continue;
      const { status, headers } = await ask(gateway, `${method} ${path}`, null);
      const allowed = (headers.get("allow") ?? "").split(", ");
      expect([`${method} ${path}`, status]).toEqual([`${method} ${path}`, 405]);
      expect(allowed).toEqual(expect.arrayContaining(methods));
      expect(allowed).not.toContain(method);
    }
  }
  expect(both.upstream.requests).toEqual([]);
});
