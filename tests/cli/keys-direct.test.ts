import { expect, test } from "bun:test";
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type GatewayOptions, runTollgate, startGateway } from "../helpers/gateway.ts";

const yaml = `
general_settings:
  master_key: sk-master-0123456789abcdef
  pass_through_endpoints:
    - { path: /echo, target: "tollgate://sample", include_subpath: true, auth: true }
`;

test("a key that was made before the gateway's first start is valid after it", async () => {
  using dir = directory();
  const { code, stdout, stderr } = await keys(dir.path, "create", "--rpm", "60");
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining("shown this once") });
  expect(stdout).toMatch(/^sk-[\w-]{43}\n$/);

  await using gateway = await start(dir.path);

  expect(await call(gateway.url, stdout.trim())).toBe(200);
});

test("a key that was revoked while no gateway ran is refused after its start", async () => {
  using dir = directory();
  const key = (await keys(dir.path, "create", "--alias", "first")).stdout.trim();
  const other = (await keys(dir.path, "create")).stdout.trim();
  const revoked = await keys(dir.path, "revoke", "first");
  expect(revoked).toMatchObject({ code: 0, stdout: "Revoked 1 key.\n" });

  await using gateway = await start(dir.path);

  expect([await call(gateway.url, key), await call(gateway.url, other)]).toEqual([401, 200]);
});

test("keys list tells the same with a gateway and without one", async () => {
  using dir = directory();
  await keys(dir.path, "create", "--alias", "steady", "--max-budget", "3");
  const before = await keys(dir.path, "list", "--json");

  await using _gateway = await start(dir.path);
  const after = await keys(dir.path, "list", "--json");

  expect(JSON.parse(before.stdout)).toEqual(JSON.parse(after.stdout));
  expect(JSON.parse(before.stdout)).toHaveLength(1);
});

test("the directory is free again afterwards, and its files are their user's alone", async () => {
  using dir = directory();

  await keys(dir.path, "create");

  const names = readdirSync(join(dir.path, "data"));
  expect(names).toContain("tollgate.db");
  expect(names.filter((name) => /\.(?:lock|sock)/.test(name))).toEqual([]);
});

test("commands that come together all do their work", async () => {
  using dir = directory();
  const all = Array.from({ length: 6 }, (_, index) =>
    keys(dir.path, "create", "--alias", `at-once-${index}`),
  );

  const outcomes = await Promise.all(all);

  expect(outcomes.map(({ code, stderr }) => (code === 0 ? "made" : stderr))).toEqual(
    all.map(() => "made"),
  );
  const { stdout } = await keys(dir.path, "list", "--json");
  expect(JSON.parse(stdout)).toHaveLength(all.length);
});

test("the database that the config names is the one", async () => {
  using dir = directory();
  writeFileSync(
    join(dir.path, "config.yaml"),
    "general_settings: { database_url: 'sqlite://mine.db' }\n",
  );

  const { code } = await keys(dir.path, "create");

  expect(code).toBe(0);
  expect(existsSync(join(dir.path, "data/mine.db"))).toBe(true);
  expect(existsSync(join(dir.path, "data/tollgate.db"))).toBe(false);
});

test("a config that does not say which database is told, and nothing is made", async () => {
  using dir = directory();
  const config = join(dir.path, "broken.yaml");
  writeFileSync(config, "general_settings: { database_url: 'postgres://db' }\n");

  const { code, stdout, stderr } = await keys(dir.path, "create", "--config", config);

  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain("database_url");
  expect(existsSync(join(dir.path, "data"))).toBe(false);
});

test("another salt key than the one that the keys were made with is refused", async () => {
  using dir = directory();
  const env = { TOLLGATE_SALT_KEY: "one salt" };
  const envFile = join(dir.path, "other.env");
  writeFileSync(envFile, "TOLLGATE_SALT_KEY=another salt\n");
  await runTollgate(["keys", "create"], { cwd: dir.path, env });

  const { code, stdout, stderr } = await keys(dir.path, "create", "--env-file", envFile);

  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toContain("TOLLGATE_SALT_KEY");
});

test("a gateway without a socket is told of, and what to do", async () => {
  using dir = directory();
  await using gateway = await start(dir.path);
  rmSync(join(dir.path, "data/control.sock"));

  const { code, stdout, stderr } = await keys(dir.path, "create");

  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toContain("The gateway does not answer at");
  expect(stderr).toContain(`Process ${gateway.pid} has the data directory`);
}, 20_000);

test("a gateway that does not answer is told of", async () => {
  using dir = directory();
  await using gateway = await start(dir.path);
  gateway.signal("SIGSTOP");

  const { code, stdout, stderr } = await runTollgate(["keys", "create"], {
    cwd: dir.path,
    timeoutMs: 20_000,
  });

  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toContain("The gateway did not answer in time at");
}, 30_000);

test("where the path of the socket is too long, the gateway and the command say so", async () => {
  using dir = directory();
  const deep = join(dir.path, "x".repeat(120));
  await using gateway = await start(dir.path, { args: ["--data-dir", deep] });
  const near = await runTollgate(["keys", "create", "--data-dir", deep], { cwd: dir.path });
  const shown = await gateway.waitForLine(({ message }) => String(message).includes("too long"));

  expect(near).toMatchObject({ code: 1, stdout: "" });
  expect(near.stderr).toContain("Choose a shorter --data-dir");
  expect(shown["level"]).toBe("warn");
});

test.skipIf(!existsSync("/dev/full"))("a key that cannot be printed is named", async () => {
  using dir = directory();
  const compiled = process.env["TOLLGATE_BIN"];
  const main = join(import.meta.dir, "../../src/main.ts");
  const program = compiled === undefined ? [process.execPath, main] : [compiled];

  const child = Bun.spawn([...program, "keys", "create"], {
    cwd: dir.path,
    stdout: Bun.file("/dev/full"),
    stderr: "pipe",
  });

  const stderr = await child.stderr.text();
  expect(await child.exited).toBe(1);
  expect(stderr).toMatch(
    /could not be printed \(ENOSPC\)\. Revoke it: tollgate keys revoke \w{32}\n$/,
  );
});

const asRoot = process.geteuid?.() === 0;

test.skipIf(!asRoot)("root writes nothing among another user's files", async () => {
  using dir = directory();
  await keys(dir.path, "create");
  chownSync(join(dir.path, "data/tollgate.db"), 65_534, 65_534);

  const { code, stdout, stderr } = await keys(dir.path, "create");

  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain("belongs to another user");
  expect(stderr).toContain("sudo -u '#65534' tollgate …");
});

test.skipIf(!asRoot)("a user cannot use another one's data directory, gateway or not", async () => {
  using dir = directory();
  await using nobody = await nobodysProgram(dir.path);
  const data = join(dir.path, "data");
  mkdirSync(data, { mode: 0o700 });
  const without = await nobody.run(["keys", "create", "--data-dir", data]);

  await using _gateway = await start(dir.path);
  const withOne = await nobody.run(["keys", "create", "--data-dir", data]);

  for (const { code, stdout, stderr } of [without, withOne]) {
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("belongs to another user");
    expect(stderr).toContain("sudo -u '#0' tollgate …");
  }
});

function keys(cwd: string, ...args: string[]) {
  return runTollgate(["keys", ...args], { cwd });
}

function start(dir: string, options: GatewayOptions = {}) {
  return startGateway(yaml, { ...options, dir });
}

async function call(url: string, key: string): Promise<number> {
  const headers = { authorization: `Bearer ${key}` };
  const reply = await fetch(`${url}/echo`, { method: "POST", headers, body: "{}" });
  return reply.status;
}

/** The program where a user without any rights can read it. */
async function nobodysProgram(dir: string) {
  chmodSync(dir, 0o755);
  const bundle = join(dir, "program");
  mkdirSync(bundle, { mode: 0o755 });
  const compiled = process.env["TOLLGATE_BIN"];
  const bin = join(bundle, "program");
  copyFileSync(compiled ?? process.execPath, bin);
  chmodSync(bin, 0o755);
  if (compiled === undefined) {
    const entrypoints = [join(import.meta.dir, "../../src/main.ts")];
    await Bun.build({ entrypoints, outdir: bundle, target: "bun" });
  }
  const program = compiled === undefined ? [bin, join(bundle, "main.js")] : [bin];
  return {
    async run(args: readonly string[]) {
      const child = Bun.spawn([...program, ...args], {
        cwd: dir,
        uid: 65_534,
        gid: 65_534,
        env: { PATH: process.env["PATH"], HOME: "/nonexistent" },
        stderr: "pipe",
      });
      const [stdout, stderr] = [child.stdout.text(), child.stderr.text()];
      return { code: await child.exited, stdout: await stdout, stderr: await stderr };
    },
    async [Symbol.asyncDispose]() {
      rmSync(bundle, { recursive: true, force: true });
    },
  };
}

function directory() {
  const path = mkdtempSync(join(tmpdir(), "tollgate-keys-"));
  return {
    path,
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}
