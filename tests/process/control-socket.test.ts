import { expect, test } from "bun:test";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { type Control, controlPath, openControl } from "../../src/process/control-socket.ts";

/** The name that this process binds. */
const bound = `control-${process.pid}.sock`;

test("the socket is its owner's alone, whatever the umask is", () => {
  using dir = directory();
  const before = process.umask(0);

  using control = open(dir.path, "one", true);

  expect(process.umask(before)).toBe(0);
  expect(control.path).toBe(join(dir.path, "control.sock"));
  expect(statSync(join(dir.path, "control.sock")).mode & 0o777).toBe(0o600);
  expect(readdirSync(dir.path).toSorted()).toEqual([bound, "control.sock"]);
  expect(statSync(join(dir.path, bound)).mode & 0o777).toBe(0o600);
});

test("it answers, and is gone after its end", async () => {
  using dir = directory();
  const control = open(dir.path, "one", true);

  const answer = await ask(dir.path);
  control.close();

  expect(answer).toBe("one");
  expect(readdirSync(dir.path)).toEqual([]);
});

test("a successor answers from its promotion on, and the predecessor's end leaves it alone", async () => {
  using dir = directory();
  const first = open(dir.path, "first", true);
  using second = open(dir.path, "second", false);

  const before = await ask(dir.path);
  const promoted = second.promote();
  const after = await ask(dir.path);
  first.close();
  const last = await ask(dir.path);

  expect(promoted).toBeNull();
  expect([before, after, last]).toEqual(["first", "second", "second"]);
  expect(readdirSync(dir.path)).toEqual(["control.sock"]);
});

test("after its promotion it answers under its first name too, which a predecessor was told", async () => {
  using dir = directory();
  using control = open(dir.path, "one", false);
  const told = control.path;

  control.promote();

  expect(told).toBe(join(dir.path, bound));
  expect(await ask(dir.path, bound)).toBe("one");
  expect(await ask(dir.path)).toBe("one");
});

test("what killed processes left is removed, and what living ones have is not", async () => {
  using dir = directory();
  const dead = Bun.spawn(["true"]);
  await dead.exited;
  for (const pid of [dead.pid, process.ppid])
    writeFileSync(join(dir.path, `control-${pid}.sock`), "");

  using _ = open(dir.path, "one", true);

  const left = [bound, `control-${process.ppid}.sock`, "control.sock"].toSorted();
  expect(readdirSync(dir.path).toSorted()).toEqual(left);
});

test("a successor that gives up leaves the predecessor's socket alone", async () => {
  using dir = directory();
  using first = open(dir.path, "first", true);
  open(dir.path, "second", false).close();

  expect(await ask(dir.path)).toBe("first");
  expect(first.path).toBe(join(dir.path, "control.sock"));
  expect(readdirSync(dir.path)).toEqual(["control.sock"]);
});

test("the socket of a process that died is replaced", async () => {
  using dir = directory();
  const socket = join(dir.path, "control.sock");
  const script = `Bun.serve({ unix: ${JSON.stringify(socket)}, fetch: () => new Response("dead") }); process.kill(process.pid, "SIGKILL");`;
  await Bun.spawn([process.execPath, "-e", script]).exited;
  expect(existsSync(socket)).toBe(true);

  using control = open(dir.path, "alive", true);

  expect(control.problem).toBeNull();
  expect(await ask(dir.path)).toBe("alive");
});

test("the socket of a living owner is never replaced", async () => {
  using dir = directory();
  using other = open(dir.path, "owner", true);
  await using owner = livingOwner(dir.path);

  using control = open(dir.path, "thief", true);

  expect(control.path).toBeNull();
  expect(control.problem).toContain(`belongs to the gateway with pid ${owner.pid}`);
  expect(await ask(dir.path)).toBe("owner");
  expect(readdirSync(dir.path).sort()).toEqual(["control.sock", "tollgate.lock"]);
  expect(other.problem).toBeNull();
});

test("where the path is too long, it is taken from the working directory", async () => {
  using dir = directory();
  const deep = join(dir.path, "x".repeat(100));
  mkdirSync(deep);
  const before = process.cwd();

  process.chdir(deep);
  try {
    using control = open(deep, "near", true);

    expect(control.path).toBe("control.sock");
    expect(controlPath(deep)).toBe("control.sock");
    expect(await ask(deep)).toBe("near");
  } finally {
    process.chdir(before);
  }
});

test("where no path is short enough there is none, and it is said what to do", () => {
  using dir = directory();
  const deep = join(dir.path, "x".repeat(100), "y".repeat(100));
  mkdirSync(deep, { recursive: true });

  using control = open(deep, "far", true);

  expect(control.path).toBeNull();
  expect(controlPath(deep)).toBeNull();
  expect(control.problem).toContain("Choose a shorter --data-dir");
  expect(control.promote()).toBe(control.problem);
  expect(readdirSync(deep)).toEqual([]);
});

test("a path of 107 bytes is not too long", async () => {
  using dir = directory();
  const name = `control-${process.pid}.sock`;
  const deep = join(dir.path, "x".repeat(107 - dir.path.length - name.length - 2));
  mkdirSync(deep);

  using control = open(deep, "just", true);

  expect(control.problem).toBeNull();
  expect(await ask(deep)).toBe("just");
});

test("what stands in its place and cannot be replaced is told", () => {
  using dir = directory();
  mkdirSync(join(dir.path, "control.sock"));

  using control = open(dir.path, "none", true);

  expect(control.path).toBeNull();
  expect(control.problem).toMatch(/control\.sock cannot be replaced \(E\w+\)/);
  expect(readdirSync(dir.path)).toEqual(["control.sock"]);
});

test("a directory that is not there is told", () => {
  using control = open(join(tmpdir(), "tollgate-nowhere"), "none", true);

  expect(control.problem).toContain("ENOENT");
});

function open(path: string, text: string, own: boolean): Control & Disposable {
  const control = openControl(path, () => new Response(text), { own });
  return {
    get path() {
      return control.path;
    },
    problem: control.problem,
    promote: control.promote,
    close: control.close,
    [Symbol.dispose]: control.close,
  };
}

async function ask(dir: string, name = "control.sock"): Promise<string> {
  const absolute = join(dir, name);
  const near = relative(process.cwd(), absolute);
  const unix = near.length < absolute.length ? near : absolute;
  const response = await fetch("http://localhost/", { unix, keepalive: false });
  return response.text();
}

/** Another process that has the directory, as far as its lock tells. */
function livingOwner(dir: string) {
  const child = Bun.spawn(["sleep", "60"]);
  const stat = readFileSync(`/proc/${child.pid}/stat`, "utf8");
  const started = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  writeFileSync(
    join(dir, "tollgate.lock"),
    JSON.stringify({ pid: child.pid, started, port: 4000 }),
  );
  return {
    pid: child.pid,
    async [Symbol.asyncDispose]() {
      child.kill();
      await child.exited;
    },
  };
}

function directory() {
  const path = mkdtempSync(join(tmpdir(), "tollgate-control-"));
  return {
    path,
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}
