import { afterAll, expect, test } from "bun:test";
import { base, listIn, messageOf, oneIn, startHouse } from "./endpoints-house.ts";

const house = await startHouse(
  [
    'path: /bria, target: "UPSTREAM/v1", include_subpath: true, headers: { api_token: os.environ/BRIA_KEY, x-lone: literal-file-secret, authorization: "Bearer os.environ/BRIA_KEY", accept: text/plain }',
    'path: /cohere, target: "UPSTREAM", enabled_if: COHERE_API_KEY',
    'path: /posts, target: "UPSTREAM", methods: [POST], auth: false',
  ],
  { env: { BRIA_KEY: "value-of-the-variable" } },
);
const target = house.upstream.url;

afterAll(() => house[Symbol.asyncDispose]());

function many(count: number, prefix: string): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [prefix + index, "v"]));
}

const create = (fields: object) => house.ask(["POST", base], fields);

/** A body, and what the message says of it. */
const wrong: readonly (readonly [what: string, fields: object, says: string | RegExp])[] = [
  ["no path", { target }, "path: this key is missing"],
  ["no target", { path: "/x" }, "target: this key is missing"],
  ["a path without a slash", { path: "x", target }, "path: a text that begins with /"],
  ["a path with a query", { path: "/x?y", target }, "path: "],
  ["a path with dots", { path: "/x/../y", target }, "path: "],
  ["a target that is no URL", { path: "/x", target: "engine" }, "target: "],
  ["another scheme", { path: "/x", target: "ftp://up.example" }, "target: "],
  ["a file", { path: "/x", target: "file:///etc/passwd" }, "target: "],
  ["credentials in the target", { path: "/x", target: "https://a:b@up.example" }, "target: "],
  ["an adapter", { path: "/x", target: "custom_callbacks.mine" }, "target: "],
  ["a misspelt key", { path: "/x", target, cost_per_requst: 1 }, "Did you mean cost_per_request?"],
  ["a key nobody knows", { path: "/x", target, colour: 1 }, "colour: there is no such field"],
  ["a misspelt key below", { path: "/x", target, tls: { verfy: false } }, "Did you mean verify?"],
  ["headers that are a list", { path: "/x", target, headers: [] }, "headers: a map"],
  [
    "a header's value",
    { path: "/x", target, headers: { a: { b: 1 } } },
    "headers.a: a plain value",
  ],
  ["a line break", { path: "/x", target, headers: { a: "b\r\nc: d" } }, "headers"],
  ["auth in words", { path: "/x", target, auth: "maybe" }, "auth: true or false is meant"],
  ["a negative cost", { path: "/x", target, cost_per_request: -1 }, "cost_per_request: "],
  ["a cost in words", { path: "/x", target, cost_per_request: "1" }, "cost_per_request: a number"],
  ["a timeout of nothing", { path: "/x", target, timeout: 0 }, "timeout: a number above 0"],
  ["half a request", { path: "/x", target, rpm_limit: 1.5 }, "rpm_limit: a whole number"],
  ["methods as a text", { path: "/x", target, methods: "GET" }, "methods: a list"],
  ["an unknown format", { path: "/x", target, provider: "opnai" }, "provider: "],
  ["an unknown log", { path: "/x", target, log: "everything" }, "log: "],
  ["guardrails", { path: "/x", target, guardrails: ["pii"] }, "guardrails: not in this version"],
  ["credentials", { path: "/x", target, credentials: [{}] }, "credentials: not in this version"],
  ["the clients'", { path: "/x", target, client_credentials: "client" }, "not in this version"],
  ["a condition", { path: "/x", target, enabled_if: "HOME" }, "only an endpoint of the file"],
  ["a proxy", { path: "/x", target, proxy: "http://p.example" }, "only an endpoint of the file"],
  ["a file of authorities", { path: "/x", target, tls: { ca: "/ca.pem" } }, "tls.ca: only an"],
  ["a key file", { path: "/x", target, tls: { cert: "a", key: "b" } }, "tls.key: only an"],
  ...["Host", "content-length", "Transfer-Encoding", "connection", "TE", "upgrade", "expect"].map(
    (name) =>
      [
        "a framing header",
        { path: "/x", target, headers: { [name]: "a" } },
        `headers.${name}: this header belongs to the connection`,
      ] as const,
  ),
  ...["keep-alive", "proxy-connection", "Proxy-Authorization", "proxy-anything"].map(
    (name) =>
      [
        "a header of a hop",
        { path: "/x", target, headers: { [name]: "a" } },
        `headers.${name}: this header belongs to the connection`,
      ] as const,
  ),
  ...[
    "a b",
    "a..b",
    "-a.example",
    "a/b",
    "a\u0000b",
    "x.".repeat(127) + "xx",
    "",
    "\u00fc.example",
  ].map(
    (server_name) =>
      [
        "a server's name that is none",
        { path: "/x", target, tls: { server_name } },
        "tls.server_name: this is not a host's name",
      ] as const,
  ),
  [
    "headers without end",
    { path: "/x", target, headers: many(101, "x-") },
    "headers: these are more than 100",
  ],
  [
    "parameters without end",
    { path: "/x", target, default_query_params: many(101, "p") },
    "default_query_params: these are more than 100",
  ],
  [
    "a long header",
    { path: "/x", target, headers: { a: "x".repeat(8193) } },
    "headers.a: this is longer than 8 KiB",
  ],
  [
    "a long parameter",
    { path: "/x", target, default_query_params: { a: "\u00fc".repeat(4097) } },
    "default_query_params.a: this is longer than 8 KiB",
  ],
  ["a path of the admin API", { path: "/key/generate", target }, "path: "],
  ["a path of endpoints", { path: `${base}/mine`, target }, "path: "],
  ["the page's path", { path: "/ui", target }, "path: "],
  [
    "a path of the file",
    { path: "/bria", target, include_subpath: true },
    /path: \/bria is served by .*\(line \d+\) too/,
  ],
  ["a method of the file", { path: "/posts", target, methods: ["post", "GET"] }, "is served by"],
];

test.each(wrong)("%s is refused in words", async (_, fields, says) => {
  const before = await house.ask(["GET", base]);

  const reply = await create(fields);

  expect(reply.status).toBe(400);
  expect(messageOf(reply)).toMatch(typeof says === "string" ? new RegExp(escaped(says)) : says);
  expect((await house.ask(["GET", base])).text).toBe(before.text);
});

test("every fault is told at once, names that may be secrets are not, and no value is", async () => {
  const reply = await create({
    path: "secret-in-the-path",
    target: ["secret-in-the-target"],
    timeout: "secret-in-the-timeout",
    headers: { "sk-secret-as-a-name": {} },
  });

  expect(messageOf(reply)).toMatch(/path: .*target: .*headers\.….*timeout: /s);
  expect(reply.text).not.toMatch(/secret-(?:in|as)/);
});

/** What else is wrong, each of them found by another part. */
const atOnce: readonly (readonly [fields: object, about: readonly string[]])[] = [
  [
    { path: "/x", target: "http://10.0.0.1:25/", colour: 1, cost_per_request: -1 },
    ["colour", "target", "cost_per_request"],
  ],
  [{ path: "/x", target: "http://10.0.0.1:25/", proxy: "http://p.example" }, ["proxy", "target"]],
  [{ path: "/ui/x", target: "engine" }, ["target", "path"]],
  [{ path: "/ui/x", target, id: 4, rpm_limit: "many" }, ["id", "rpm_limit", "path"]],
];

test.each(atOnce)("all that is wrong is told in one answer: %j", async (fields, about) => {
  const made = oneIn(await create({ path: `/at-once-${Bun.randomUUIDv7()}`, target }));
  const replies = [
    await create(fields),
    await house.ask(["POST", `${base}?dry_run=true`], fields),
    await house.ask(["POST", `${base}/${made.id}`], fields),
  ];

  for (const reply of replies) {
    const { faults }: { faults?: string[] } = Object(reply.body);
    expect(reply.status).toBe(400);
    expect(faults?.map((fault) => fault.replace(/:.*/s, "")).toSorted()).toEqual(about.toSorted());
    expect(messageOf(reply)).toBe(`The request is not valid. ${faults?.join(" ")}`);
  }
});

test("what asks for nothing is passed over", async () => {
  const nothing = { guardrails: [], credentials: null, client_credentials: "", methods: [] };
  const litellms = { is_from_config: false, default_query_params: {}, timeout: null };

  const made = await create({ path: "/nothing", target, ...nothing, ...litellms });

  expect(oneIn(made)).toMatchObject({ guardrails: null, methods: null, is_from_config: false });
  expect(Object.keys(oneIn(made))).not.toContain("credentials");
  expect(await house.call("/nothing")).toBe(200);
});

test("what a LiteLLM client sends that knows every member is taken as it is meant", async () => {
  const ofLitellm = {
    id: null,
    path: "/litellm",
    target,
    headers: {},
    default_query_params: {},
    include_subpath: false,
    cost_per_request: 0.0,
    timeout: null,
    auth: true,
    guardrails: null,
    is_from_config: false,
    methods: null,
  };

  const made = oneIn(await create(ofLitellm));
  const changed = await house.ask(["POST", `${base}/${made.id}`], { ...ofLitellm, timeout: 20 });

  expect(made).toMatchObject({ ...ofLitellm, id: expect.any(String) });
  expect(oneIn(changed)).toMatchObject({ ...ofLitellm, id: made.id, timeout: 20 });
});

test("two endpoints of the API cannot have one path, unless their methods differ", async () => {
  const first = oneIn(await create({ path: "/twice", target, methods: ["POST"] }));

  const same = await create({ path: "/twice", target, methods: ["POST", "PUT"] });
  const other = await create({ path: "/twice", target, methods: ["PUT"] });

  expect(same.status).toBe(400);
  expect(messageOf(same)).toContain(first.id);
  expect(other.status).toBe(200);
  const moved = await house.ask(["POST", `${base}/${oneIn(other).id}`], { methods: null });
  expect(moved.status).toBe(200); // named methods go before all of them
  const collides = await house.ask(["POST", `${base}/${oneIn(other).id}`], { methods: ["POST"] });
  expect(collides.status).toBe(400);
  expect((await house.ask(["GET", `${base}?endpoint_id=${oneIn(other).id}`])).text).toContain(
    '"methods":null',
  );
});

test("endpoints of the file come first, read-only, and say where they stand", async () => {
  await create({ path: "/after", target });

  const all = listIn(await house.ask(["GET", base]));

  const owned = all.filter((one) => one["is_from_config"] === true);
  expect(all.slice(0, 3)).toEqual(owned);
  expect(owned[0]).toMatchObject({
    path: "/bria",
    auth: null,
    headers: {
      api_token: "os.environ/BRIA_KEY",
      "x-lone": "********cret",
      authorization: "Bearer os.environ/BRIA_KEY",
      accept: "text/plain",
    },
    config_file: expect.stringContaining("config.yaml"),
    config_line: expect.any(Number),
    enabled: true,
    version: null,
    created_by: null,
  });
  expect(owned[1]).toMatchObject({ path: "/cohere", enabled: false, unset: ["COHERE_API_KEY"] });
  expect(owned[2]).toMatchObject({ auth: false, methods: ["POST"] });
  expect(JSON.stringify(all)).not.toMatch(/value-of-the-variable|literal-file-secret/);
});

test("who changes or removes an endpoint of the file is told its file and line", async () => {
  const owned = listIn(await house.ask(["GET", base])).filter(
    (one) => one["is_from_config"] === true,
  );
  expect(owned.length).toBe(3);
  for (const { id, path, config_file: file, config_line: line } of owned) {
    const query = new URLSearchParams({ endpoint_id: id ?? "" });
    const replies = [
      await house.ask(["POST", `${base}/${encodeURIComponent(id ?? "")}`], { timeout: 1 }),
      await house.ask(["DELETE", `${base}?${query}`]),
    ];

    expect(replies.map(({ status }) => status)).toEqual([400, 400]);
    for (const reply of replies) {
      expect(messageOf(reply)).toContain(
        `${path} is defined in ${file}, line ${line}: change it there.`,
      );
    }
  }
});

test("the list of what is served has file and line of what the file defines", async () => {
  const { body } = await house.ask(["GET", "/routes"]);

  const { routes }: { routes: object[] } = Object(body);
  expect(routes).toContainEqual(
    expect.objectContaining({
      path: "/bria",
      owner: "config",
      who_may_call: "key, or this machine",
      file: expect.stringContaining("config.yaml"),
      line: expect.any(Number),
    }),
  );
});

test("a body that is none, and parameters that are none, are refused", async () => {
  const replies = [
    await house.ask(["POST", base], []),
    await house.ask(["POST", base], "text"),
    await house.ask(["POST", `${base}?dry=true`], { path: "/x", target }),
    await house.ask(["GET", `${base}?endpoint=x`]),
    await house.ask(["DELETE", base]),
  ];

  expect(replies.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400]);
});

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

test("as many headers and as long values as there may be are taken", async () => {
  const headers = { ...many(99, "x-"), last: "x".repeat(8192) };
  const tls = { server_name: `${"x.".repeat(126)}x` };

  const { status, text } = await create({ path: "/most", target, headers, tls });

  expect([status, text.slice(0, 20)]).toEqual([200, text.slice(0, 20)]);
});

test("a path below one of the file is taken, and served: the longer one wins", async () => {
  const { status } = await create({ path: "/bria/own", target: `${target}/elsewhere` });

  expect([status, await house.call("/bria/own"), house.upstream.requests.at(-1)?.target]).toEqual([
    200,
    200,
    "/elsewhere",
  ]);
});
