import { afterAll, expect, test } from "bun:test";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { runTollgate, startGateway } from "../helpers/gateway.ts";

const masterKey = "sk-master-0123456789abcdef";
const yaml = `
general_settings:
  master_key: ${masterKey}
  pass_through_endpoints:
    - { path: /echo, target: "tollgate://sample", include_subpath: true, auth: true }
    - { path: /other, target: "tollgate://sample", include_subpath: true, auth: true }
`;
const gateway = await startGateway(yaml);
const place = ["--data-dir", join(gateway.dir, "data")];

afterAll(() => gateway[Symbol.asyncDispose]());

const keys = (...args: string[]) => runTollgate(["keys", ...args, ...place]);

const createAt = (dir: string) => runTollgate(["keys", "create", "--data-dir", join(dir, "data")]);

function call(key: string, path = "/echo"): Promise<number> {
  const headers = { authorization: `Bearer ${key}` };
  return fetch(gateway.url + path, { method: "POST", headers, body: "{}" }).then(
    ({ status }) => status,
  );
}

async function created(...flags: string[]): Promise<{ key: string; token: string }> {
  const { stdout } = await keys("create", "--json", ...flags);
  const { key, token } = JSON.parse(stdout);
  return { key, token };
}

test("a running gateway has a control socket that is its user's alone", () => {
  const data = join(gateway.dir, "data");
  const names = readdirSync(data).filter((name) => name.endsWith(".sock"));

  const modes = names.map((name) => statSync(join(data, name)).mode & 0o777);

  expect(names).toContain("control.sock");
  expect(modes).toEqual(names.map(() => 0o600));
});

test("keys create prints the key alone, and the running gateway takes it at once", async () => {
  const { code, stdout, stderr } = await keys("create");

  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining("shown this once") });
  expect(stdout).toMatch(/^sk-[\w-]{43}\n$/);
  expect(stderr).not.toContain(stdout.trim());
  expect(await call(stdout.trim())).toBe(200);
  expect(await call(`${stdout.trim()}x`)).toBe(401);
});

test("each flag of keys create is a limit of the key", async () => {
  const flags =
    "--alias team-a/ci --models gpt-4o,gpt-4* --routes /echo --rpm 60 --tpm=1000 --max-parallel 5 --max-budget 12.5 --budget-duration 30d --duration 1mo --admin";
  const { token } = await created(...flags.split(" "));

  const { stdout } = await keys("list", "--json");

  const listed: readonly { token: string; expires: string }[] = JSON.parse(stdout);
  const key = listed.find((one) => one.token === token);
  expect(key).toMatchObject({
    key_alias: "team-a/ci",
    models: ["gpt-4o", "gpt-4*"],
    allowed_passthrough_routes: ["/echo"],
    rpm_limit: 60,
    tpm_limit: 1000,
    max_parallel_requests: 5,
    max_budget: 12.5,
    budget_duration: "30d",
    user_role: "proxy_admin",
    blocked: false,
    spend: 0,
  });
  expect(Date.parse(key?.expires ?? "")).toBeGreaterThan(Date.now() + 27 * 86_400_000);
});

test("keys list is a table, without any key", async () => {
  const { key, token } = await created("--alias", "tabled", "--rpm", "7", "--max-budget", "0.5");

  const { code, stdout } = await keys("list");

  const [head = "", ...lines] = stdout.trimEnd().split("\n");
  expect(code).toBe(0);
  expect(head).toMatch(/^ID +ALIAS +KEY +TEAM +LIMITS +SPEND +EXPIRES +BLOCKED$/);
  expect(lines.filter((line) => line.startsWith(token))).toEqual([
    expect.stringMatching(
      new RegExp(
        `^${token}  tabled +sk-\\.\\.\\.${key.slice(-4)}  - +7 rpm, \\$0\\.5 +\\$0  +never +-$`,
      ),
    ),
  ]);
  expect(stdout).not.toContain(key);
});

test("keys list shows more than one page of keys, and those of one team", async () => {
  const names = Array.from({ length: 120 }, (_, index) => `many-${index}`);
  const headers = { authorization: `Bearer ${masterKey}`, "content-type": "application/json" };
  const ask = (path: string, body: object) =>
    fetch(gateway.url + path, { method: "POST", headers, body: JSON.stringify(body) });
  await ask("/team/new", { team_id: "crowd" });
  for (const key_alias of names) await ask("/key/generate", { key_alias, team_id: "crowd" });

  const { stdout } = await keys("list", "--json", "--team", "crowd");

  const listed: readonly { key_alias: string }[] = JSON.parse(stdout);
  expect(listed.map(({ key_alias }) => key_alias).sort()).toEqual(names.sort());
});

test("a key that was revoked, by whatever name, is refused within a second", async () => {
  const [byKey, byId] = [await created(), await created()];
  const byAlias = await created("--alias", "to go");
  const all = [byKey.key, byId.key, byAlias.key];
  expect(await Promise.all(all.map((key) => call(key)))).toEqual([200, 200, 200]);

  const { code, stdout } = await keys("revoke", byKey.key, byId.token, "to go");
  const revokedAt = Date.now();
  const after = await Promise.all(all.map((key) => call(key)));

  expect({ code, stdout }).toEqual({ code: 0, stdout: "Revoked 3 keys.\n" });
  expect(after).toEqual([401, 401, 401]);
  expect(Date.now() - revokedAt).toBeLessThan(1000);
});

test("keys revoke revokes none where it does not know one", async () => {
  const { key, token } = await created();

  const { code, stdout, stderr } = await keys("revoke", token, "nobody's");

  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).not.toBe("");
  expect(await call(key)).toBe(200);
});

test("what the gateway refuses is told in its words", async () => {
  await created("--alias", "taken");

  const { code, stdout, stderr } = await keys("create", "--alias", "taken");

  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain("alias");
});

test("a key for one route opens no other", async () => {
  const { key } = await created("--routes", "/echo");

  expect([await call(key, "/echo"), await call(key, "/other")]).toEqual([200, 403]);
});

test("the audit log names the command line", async () => {
  const { token } = await created();

  const reply = await fetch(`${gateway.url}/audit?subject=${token}`, {
    headers: { authorization: `Bearer ${masterKey}` },
  });

  expect(await reply.text()).toMatch(/"command line"/);
});

test("without a master key create warns that no key is valid", async () => {
  await using keyless = await startGateway("{}");

  const { code, stdout, stderr } = await createAt(keyless.dir);

  expect(code).toBe(0);
  expect(stdout).toMatch(/^sk-\S+\n$/);
  expect(stderr).toContain("warning: the gateway has no master key, so no key is valid");
});

test("where the root path is another one the command works all the same", async () => {
  await using rooted = await startGateway(yaml, { env: { SERVER_ROOT_PATH: "/gate" } });

  const { code, stdout } = await createAt(rooted.dir);

  expect(code).toBe(0);
  expect(stdout).toMatch(/^sk-\S+\n$/);
});

test("the socket is gone with the gateway", async () => {
  await using ending = await startGateway(yaml);

  ending.signal("SIGTERM");
  await ending.exited;

  const left = readdirSync(join(ending.dir, "data")).filter((name) => name.endsWith(".sock"));
  expect(left).toEqual([]);
});

test("a successor answers once it has taken over", async () => {
  await using first = await startGateway(yaml);
  const port = String(first.port);
  await using second = await startGateway(yaml, {
    dir: first.dir,
    args: ["--takeover", "--port", port],
  });
  await first.exited;

  const { code, stdout } = await createAt(first.dir);

  const headers = { authorization: `Bearer ${stdout.trim()}` };
  const reply = await fetch(`${second.url}/echo`, { method: "POST", headers, body: "{}" });
  expect([code, reply.status]).toEqual([0, 200]);
});
