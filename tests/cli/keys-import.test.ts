import { describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runTollgate, startGateway } from "../helpers/gateway.ts";

const masterKey = "sk-master-0123456789abcdef";
const yaml = `
general_settings:
  master_key: ${masterKey}
  pass_through_endpoints:
    - { path: /echo, target: "tollgate://sample", include_subpath: true, auth: true }
`;

const known = ["sk-first-1234567890abcd", "sk-second-1234567890efgh"] as const;
const digests = known.map((key) => createHash("sha256").update(key).digest("hex"));

const jsonLines = [
  `{"token":"${digests[0]}","key_name":"sk-...abcd","key_alias":"first","spend":1.25,"max_budget":10,"rpm_limit":60}`,
  `{"token":"${digests[1]}","key_name":"sk-...efgh","key_alias":null,"spend":0,"team_id":"research"}`,
  "",
].join("\n");

const csv = [
  "token,key_name,key_alias,spend,max_budget,rpm_limit,team_id",
  `${digests[0]},sk-...abcd,first,1.25,10,60,`,
  `${digests[1]},sk-...efgh,,0,,,research`,
  "",
].join("\r\n");

const tables = { "keys.jsonl": jsonLines, "keys.csv": csv };

describe.each(Object.entries(tables))("the table %s", (file, text) => {
  test("is imported into a running gateway, and its keys are valid at once", async () => {
    await using gateway = await startGateway(yaml, { files: { [file]: text } });
    const keys = at(gateway.dir);

    const { code, stdout, stderr } = await keys("import", file);

    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toBe(
      "Imported 2 keys. Teams made without limits, since keys name them: research.\n",
    );
    expect(await Promise.all(known.map((key) => call(gateway.url, key)))).toEqual([200, 200]);
    expect(await listed(keys)).toEqual([
      { alias: "first", name: "sk-...abcd", rpm: 60, spend: 1.25, team: null },
      { alias: null, name: "sk-...efgh", rpm: null, spend: 0, team: "research" },
    ]);
  });

  test("is imported where no gateway runs, spend and all", async () => {
    using dir = directory({ [file]: text });
    const keys = at(dir.path);

    const { code, stdout } = await keys("import", file);
    const before = await listed(keys);
    await using gateway = await startGateway(yaml, { dir: dir.path });
    const after = await listed(keys);

    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining("2 keys") });
    expect(after).toEqual(before);
    expect(after.map(({ spend }) => spend)).toEqual([1.25, 0]);
    expect(await call(gateway.url, known[0])).toBe(200);
  });

  test("changes nothing when it is imported again, even a key that was revoked since", async () => {
    using dir = directory({ [file]: text });
    const keys = at(dir.path);
    await keys("import", file);
    await keys("revoke", "first");

    const { code, stdout } = await keys("import", file);

    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: "Imported 0 keys. 2 had been imported before.\n",
    });
    expect((await listed(keys)).map(({ name }) => name)).toEqual(["sk-...efgh"]);
  });
});

test("a dry run imports nothing", async () => {
  using dir = directory(tables);
  const keys = at(dir.path);

  const { code, stdout } = await keys("import", "keys.csv", "--dry-run");

  expect({ code, stdout }).toEqual({ code: 0, stdout: "2 keys can be read.\n" });
  expect(await listed(keys)).toEqual([]);
});

test("where anything is wrong nothing is imported, and each fault is told with its line", async () => {
  const wrong = jsonLines + `{"token":"not a digest","spend":-1}\n{"token":\n`;
  using dir = directory({ "keys.jsonl": wrong });
  const keys = at(dir.path);

  const { code, stdout, stderr } = await keys("import", "keys.jsonl");

  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain("keys.jsonl:3: token is not the SHA-256 of a key in hex\n");
  expect(stderr).toContain("keys.jsonl:3: spend ");
  expect(stderr).toContain("keys.jsonl:4: is not a JSON object\n");
  expect(stderr).toEndWith("Nothing was imported.\n");
  expect(stderr).not.toContain("not a digest");
  expect(await listed(keys)).toEqual([]);
});

test("a file of many faults tells the first of them", async () => {
  const text = Array.from({ length: 100 }, () => `{"token":"x"}`).join("\n");
  using dir = directory({ "keys.jsonl": text });

  const { code, stderr } = await at(dir.path)("import", "keys.jsonl");

  expect(code).toBe(2);
  expect(stderr.match(/keys\.jsonl:\d+: /g)).toHaveLength(20);
  expect(stderr).toContain("… and 80 more.");
});

test("an alias that another key has keeps everything out", async () => {
  using dir = directory(tables);
  const keys = at(dir.path);
  await keys("create", "--alias", "first");

  const { code, stderr } = await keys("import", "keys.csv");

  expect(code).toBe(2);
  expect(stderr).toContain("alias");
  expect((await listed(keys)).map(({ alias }) => alias)).toEqual(["first"]);
});

test("columns that mean nothing here are a warning", async () => {
  using dir = directory({ "keys.jsonl": `{"token":"${digests[0]}","budget_id":"b-1"}\n` });

  const { code, stderr } = await at(dir.path)("import", "keys.jsonl");

  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: "warning: budget_id means nothing here (1 line).\n",
  });
});

test("POST /key/import is for admins alone", async () => {
  await using gateway = await startGateway(yaml);
  const send = (key: string | null) =>
    fetch(`${gateway.url}/key/import`, {
      method: "POST",
      headers: key === null ? {} : { authorization: `Bearer ${key}` },
      body: csv,
    });
  const plain = (await at(gateway.dir)("create")).stdout.trim();

  const refused = [await send(null), await send(plain)].map(({ status }) => status);
  const taken = await send(masterKey);

  expect(refused).toEqual([401, 403]);
  expect([taken.status, await taken.json()]).toEqual([
    200,
    { keys: 2, imported: 2, teams: ["research"], unused: {}, sessions: 0 },
  ]);
});

type Keys = ReturnType<typeof at>;

function at(cwd: string) {
  return (...args: string[]) => runTollgate(["keys", ...args], { cwd });
}

async function listed(keys: Keys) {
  const { stdout } = await keys("list", "--json");
  const all: readonly Record<string, unknown>[] = JSON.parse(stdout);
  const rows = all.map(({ key_alias, key_name, rpm_limit, spend, team_id }) => ({
    alias: key_alias,
    name: String(key_name),
    rpm: rpm_limit,
    spend,
    team: team_id,
  }));
  return rows.sort((a, b) => a.name.localeCompare(b.name));
}

async function call(url: string, key: string): Promise<number> {
  const headers = { authorization: `Bearer ${key}` };
  const reply = await fetch(`${url}/echo`, { method: "POST", headers, body: "{}" });
  return reply.status;
}

function directory(files: Readonly<Record<string, string>>) {
  const path = mkdtempSync(join(tmpdir(), "tollgate-import-"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
  return {
    path,
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}
