import { expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { startRawUpstream } from "../helpers/raw-upstream.ts";
import { bareEnvironment, fromSource, program, temporaryFolder, until } from "./program.ts";

const key = "sk-master-key-of-this-test";

/** Runs inside the gateway's process: errors as a fault of ours would leave them behind. */
const stray = `
setTimeout(() => void Promise.reject(new Error("stray rejection, https://user:pass@host/?key=secret")), 400);
setTimeout(() => { throw new Error("stray exception"); }, 450);
setTimeout(() => void Promise.reject("a text"), 500);
`;

test.skipIf(!fromSource)("errors nobody handles are logged, counted and survived", async () => {
  using folder = temporaryFolder();
  using upstream = await startRawUpstream();
  const [bun = "", main = ""] = program;
  writeFileSync(folder.file("stray.ts"), stray);
  writeFileSync(
    folder.file("config.yaml"),
    `general_settings: { master_key: ${key}, pass_through_endpoints: [{ path: /a, target: "${upstream.url}" }] }`,
  );
  const gateway = Bun.spawn([bun, "--preload", folder.file("stray.ts"), main, "--port", "0"], {
    cwd: folder.path,
    env: bareEnvironment,
    stdout: "ignore",
    stderr: Bun.file(folder.file("log")),
  });
  try {
    const log = async () => await Bun.file(folder.file("log")).text();
    await until(async () => (await log()).includes('"count":3'), 10_000);
    const url = /"url":"([^"]+)"/.exec(await log())?.[1] ?? "";

    const call = await fetch(`${url}/a`);
    const backlog = await fetch(`${url}/health/backlog`, {
      headers: { authorization: `Bearer ${key}` },
    });

    expect(call.status).toBe(200);
    expect(await backlog.json()).toMatchObject({ uncaught_errors: 3 });
    expect(await log()).toContain("stray exception");
    expect(await log()).toContain("stray rejection, <url>");
    expect(await log()).not.toContain("secret");
  } finally {
    gateway.kill("SIGKILL");
    await gateway.exited;
  }
});
