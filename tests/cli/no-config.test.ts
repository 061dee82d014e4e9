import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { bareEnvironment, program, temporaryFolder, until } from "../process/program.ts";

test("without a config.yaml the sample inside runs, and the curl that it prints works", async () => {
  using folder = temporaryFolder();
  const gateway = Bun.spawn([...program, "--port", "0"], {
    cwd: folder.path,
    env: { ...bareEnvironment, LITELLM_MASTER_KEY: undefined },
    stdout: Bun.file(folder.file("out")),
    stderr: Bun.file(folder.file("err")),
  });
  try {
    const stdout = () => Bun.file(folder.file("out")).text();
    await until(
      async () => existsSync(folder.file("out")) && (await stdout()).includes("Listening"),
    );

    const curl = /^ {2}(curl [^]*?)\n\n/m.exec(await stdout())?.[1] ?? "";
    const answer = Bun.spawnSync(["sh", "-c", curl.replace("curl", "curl -sS")]);

    expect(await stdout()).toContain("No config.yaml here");
    expect(JSON.parse(answer.stdout.toString())).toMatchObject({ object: "chat.completion" });
    expect(existsSync(folder.file("config.yaml"))).toBe(false);
  } finally {
    gateway.kill();
    await gateway.exited;
  }
});
