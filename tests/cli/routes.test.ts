import { afterAll, expect, test } from "bun:test";
import { join } from "node:path";
import { masterKey } from "../gateway/wire.ts";
import { runTollgate, startGateway } from "../helpers/gateway.ts";
import { startRawUpstream } from "../helpers/raw-upstream.ts";
import { sent } from "../gateway/wire.ts";

const upstream = await startRawUpstream();
const gateway = await startGateway(
  `
general_settings:
  master_key: ${masterKey}
  allow_private_targets: true
  pass_through_endpoints:
    - { path: /filed, target: "tollgate://sample", include_subpath: true, auth: true }
`,
  {
    files: {
      "token.txt": "token-of-the-file-1234\n",
      "more.json": '{"rpm_limit": 7, "timeout": 3}',
    },
  },
);
const place = ["--data-dir", join(gateway.dir, "data")];
const file = (name: string) => join(gateway.dir, name);

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  upstream[Symbol.dispose]();
});

const routes = (...args: string[]) => runTollgate(["routes", ...args, ...place]);
const add = (path: string, ...args: string[]) =>
  routes("add", "--path", path, "--target", `${upstream.url}/up`, ...args);

async function listed(): Promise<Record<string, unknown>[]> {
  return JSON.parse((await routes("list", "--json")).stdout);
}

function call(path: string, headers: Record<string, string> = {}): Promise<number> {
  const init = { headers: { authorization: `Bearer ${masterKey}`, ...headers } };
  return fetch(gateway.url + path, init).then(({ status }) => status);
}

test("a route that was added is served at once, and listed", async () => {
  const { code, stdout, stderr } = await add(
    "/added",
    "--include-subpath",
    "--method=get,POST",
    "--cost=0.04",
    "--auth=false",
    "--id=added-1",
  );

  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toBe(`Added /added → ${upstream.url}/up (added-1).\n`);
  expect(await call("/added/below")).toBe(200);
  expect(upstream.requests.at(-1)?.target).toBe("/up/below");
  expect(await listed()).toContainEqual(
    expect.objectContaining({
      id: "added-1",
      path: "/added",
      methods: ["GET", "POST"],
      cost_per_request: 0.04,
      auth: false,
      include_subpath: true,
      created_by: "command line",
    }),
  );
});

test("what may not be meant is said", async () => {
  const { code, stderr } = await add(
    "/literal",
    "--cost-per-request=0.04",
    "--header=x-one: Bearer os.environ/KEY",
  );

  expect(code).toBe(0);
  expect(stderr).toBe(
    "The value of x-one is sent letter by letter: os.environ/ and cred/ are replaced in the configuration file alone.\nOnly /literal itself is served: --include-subpath serves what is below it too.\n",
  );
  expect(await listed()).toContainEqual(
    expect.objectContaining({ path: "/literal", cost_per_request: 0.04 }),
  );
});

test("the table tells path, methods, target, who may call and who owns it", async () => {
  await add("/tabled", "--id", "tabled");

  const { code, stdout } = await routes("list");

  const lines = stdout
    .trim()
    .split("\n")
    .map((line) => line.split(/ {2,}/));
  expect(code).toBe(0);
  expect(lines[0]).toEqual(["ID", "PATH", "METHODS", "TARGET", "AUTH", "OWNER", "VERSION"]);
  expect(lines[1]?.slice(1)).toEqual([
    "/filed/*",
    "any",
    "tollgate://sample",
    "key",
    expect.stringMatching(/config\.yaml:\d+$/),
    "-",
  ]);
  expect(lines).toContainEqual([
    "tabled",
    "/tabled",
    "any",
    `${upstream.url}/up`,
    "key",
    "api",
    "1",
  ]);
});

test("headers are read from files, so that no secret stands in the process list", async () => {
  const headers = [`api_token: @${file("token.txt")}`, "X-Plain: plain value: 5"];
  const made = await add("/headed", ...headers.flatMap((header) => ["--header", header]));

  await call("/headed");

  const request = upstream.requests.at(-1);
  if (request === undefined) throw new Error("nothing went up");
  expect(sent(request, "api_token")).toEqual(["token-of-the-file-1234"]);
  expect(sent(request, "x-plain")).toEqual(["plain value: 5"]);
  expect(made.stdout + made.stderr + (await routes("list", "--json")).stdout).not.toContain(
    "token-of-the-file",
  );
});

test("a header's value, a file of headers and a whole route are read from stdin", async () => {
  const program = process.env["TOLLGATE_BIN"];
  const command = program
    ? [program]
    : [process.execPath, join(import.meta.dir, "../../src/main.ts")];
  const addFrom = async (stdin: string, ...args: string[]) => {
    const child = Bun.spawn([...command, "routes", "add", ...args, ...place], {
      stdin: new Blob([stdin]),
      stdout: "ignore",
      stderr: "pipe",
    });
    return { stderr: await child.stderr.text(), code: await child.exited };
  };
  const target = ["--target", upstream.url];

  const replies = [
    await addFrom("from-stdin-1234\n", "--path", "/in-1", ...target, "--header", "x-key: -"),
    await addFrom(
      "x-key: in-a-file\nx-too: 2\n",
      "--path",
      "/in-2",
      ...target,
      "--header-file",
      "-",
    ),
    await addFrom(
      `{"path": "/in-3", "target": "${upstream.url}", "headers": {"x-key": "json"}}`,
      "--json",
      "-",
    ),
  ];

  expect(replies).toEqual(
    replies.map(() => ({
      stderr: expect.stringMatching(/^Only \/in-\d itself is served: .*\n$/),
      code: 0,
    })),
  );
  const keys: string[] = [];
  for (const path of ["/in-1", "/in-2", "/in-3"]) {
    await call(path);
    const request = upstream.requests.at(-1);
    keys.push(...(request === undefined ? [] : sent(request, "x-key")));
  }
  expect(keys).toEqual(["from-stdin-1234", "in-a-file", "json"]);
});

test("keys without a flag come in as JSON, and flags go before it", async () => {
  const { code } = await add("/jsoned", "--json", file("more.json"), "--id", "jsoned");

  expect(code).toBe(0);
  expect(await listed()).toContainEqual(
    expect.objectContaining({ id: "jsoned", path: "/jsoned", rpm_limit: 7, timeout: 3 }),
  );
});

test("a dry run adds nothing", async () => {
  const { code, stdout } = await add("/dry", "--dry-run");

  expect([code, stdout]).toEqual([0, `/dry → ${upstream.url}/up can be added.\n`]);
  expect(await call("/dry")).toBe(404);
});

test("a route is removed by its id or by its path, at once", async () => {
  await add("/by-id", "--id", "goes");
  await add("/by-path");
  expect([await call("/by-id"), await call("/by-path")]).toEqual([200, 200]);

  const replies = [await routes("remove", "goes"), await routes("remove", "/by-path")];

  expect(replies.map(({ code }) => code)).toEqual([0, 0]);
  expect(replies[0]?.stdout).toBe("Removed /by-id (goes).\n");
  expect([await call("/by-id"), await call("/by-path")]).toEqual([404, 404]);
});

test("a path that several have, or none, removes nothing", async () => {
  await add("/shared", "--method", "GET", "--id", "shared-get");
  await add("/shared", "--method", "POST", "--id", "shared-post");

  const several = await routes("remove", "/shared");
  const none = await routes("remove", "/nobodys");

  expect([several.code, none.code]).toEqual([2, 2]);
  expect(several.stderr).toContain("shared-get, shared-post");
  expect(none.stderr).toContain("/nobodys");
  expect(await call("/shared")).toBe(200);
});

test("a route of the file is not removed: file and line are told", async () => {
  const { code, stdout, stderr } = await routes("remove", "/filed");

  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(/\/filed is defined in .*config\.yaml, line \d+: change it there\./);
});

const mistakes: readonly (readonly [args: readonly string[], says: string])[] = [
  [["--target", "https://up.example"], "--path"],
  [["--path", "/x"], "--target"],
  [["--path", "/x", "--target", "ftp://up.example"], "target: "],
  [["--path", "/filed", "--target", "https://up.example", "--include-subpath"], "is served by"],
  [["--path", "/x", "--target", "tollgate://sample", "--auth", "maybe"], "--auth is true or false"],
  [["--path", "/x", "--target", "tollgate://sample", "--cost", "-1"], "--cost is a number"],
  [["--path", "/x", "--target", "tollgate://sample", "--method", "GET,"], "--method is a method"],
  [["--path", "/x", "--target", "tollgate://sample", "--header", "lone"], "'name: value'"],
  [
    ["--path", "/x", "--target", "tollgate://sample", "--header", "a: @/no/such/file"],
    "cannot be read",
  ],
  [["--path", "/x", "--target", "tollgate://sample", "--json", "/no/such/file"], "cannot be read"],
  [["--path", "/x", "--target", "tollgate://sample", "--header-file", "-", "--json", "-"], "stdin"],
  [["--path", "/x", "--target", "tollgate://sample", "--headr", "a: b"], "Did you mean --header?"],
];

test.each(mistakes)("routes add %p is refused in words", async (args, says) => {
  const { code, stdout, stderr } = await routes("add", ...args);

  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(says);
});

test("the help says how secrets are kept out of the process list", async () => {
  const { stdout } = await runTollgate(["help", "routes", "add"]);

  expect(stdout).toContain("process list");
  expect(stdout).toContain("@file");
});

test("the commands work where no gateway runs, and the next one serves what was added", async () => {
  await using ending = await startGateway(
    `general_settings: { master_key: ${masterKey}, allow_private_targets: true }\n`,
  );
  ending.signal("SIGTERM");
  await ending.exited;
  const at = ["--data-dir", join(ending.dir, "data"), "--config", ending.configPath];

  const added = await runTollgate([
    "routes",
    "add",
    "--path",
    "/offline",
    "--target",
    upstream.url,
    ...at,
  ]);
  const { stdout } = await runTollgate(["routes", "list", ...at]);
  await using next = await startGateway(
    `general_settings: { master_key: ${masterKey}, allow_private_targets: true }\n`,
    {
      dir: ending.dir,
    },
  );

  expect([added.code, added.stderr]).toEqual([0, expect.stringMatching(/^Only .*\n$/)]);
  expect(stdout).toContain("/offline");
  const reply = await fetch(`${next.url}/offline`, {
    headers: { authorization: `Bearer ${masterKey}` },
  });
  expect(reply.status).toBe(200);
});

test("a start that an endpoint of the API stops names the command that takes it out, and it does", async () => {
  const yaml = `general_settings: { master_key: ${masterKey}, allow_private_targets: true }\n`;
  await using first = await startGateway(yaml);
  const at = ["--data-dir", join(first.dir, "data"), "--config", first.configPath];
  const fields = ["--path", "/taken", "--target", upstream.url, "--id", "mine: 'own'"];
  await runTollgate(["routes", "add", ...fields, ...at]);
  first.signal("SIGTERM");
  await first.exited;
  const taken = `${yaml.slice(0, -3)}, pass_through_endpoints: [{ path: /taken, target: "tollgate://sample" }] }\n`;

  await using refused = await startGateway(taken, { dir: first.dir, waitFor: "exit" });
  const said = refused.stderr();
  const removed = await runTollgate(["routes", "remove", "mine: 'own'", ...at]);
  await using next = await startGateway(taken, { dir: first.dir });

  expect(await refused.exited).toBe(2);
  expect(said).toContain("/taken is served by");
  expect(said).toContain(String.raw`tollgate routes remove 'mine: '\''own'\''' takes it out.`);
  expect([removed.code, removed.stderr]).toEqual([0, ""]);
  expect(next.port).toBeGreaterThan(0);
});
