import { expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { startRawUpstream } from "../helpers/raw-upstream.ts";
import { bareEnvironment, freePort, program, temporaryFolder, until } from "./program.ts";

/** Runs a command on a terminal of its own, and passes on what it prints. */
const onTerminal = `
import os, pty, sys
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
print(pid, flush=True)
while True:
    try:
        data = os.read(terminal, 65536)
    except OSError:
        break
    if not data:
        break
    sys.stdout.buffer.write(data)
    sys.stdout.flush()
`;

test("on a terminal the log is for people, and holds the access line as written", async () => {
  using upstream = await startRawUpstream({
    fallback: [{ write: "HTTP/1.1 207 Multi-Status\r\nContent-Length: 2\r\n\r\n{}" }],
  });
  using folder = temporaryFolder();
  const port = freePort();
  writeFileSync(
    folder.file("config.yaml"),
    `general_settings: { pass_through_endpoints: [{ path: /api/public, target: "${upstream.url}", include_subpath: true }] }`,
  );
  const flags = ["--port", String(port), "--detailed_debug"];
  const terminal = Bun.spawn(["python3", "-c", onTerminal, ...program, ...flags], {
    cwd: folder.path,
    env: { ...bareEnvironment, TERM: "xterm-256color" },
    stdout: Bun.file(folder.file("screen")),
  });
  const screen = async () => await Bun.file(folder.file("screen")).text();
  await until(async () => (await screen().catch(() => "")).includes("Listening on"));
  const pid = Number(/^\d+/.exec(await screen())?.[0]);
  try {
    const path = "/api/public/ingestion";
    await fetch(`http://127.0.0.1:${port}${path}`, { method: "POST", body: "{}" });
    await until(async () => (await screen()).includes("bytes_out"));

    expect(await screen()).toContain('POST /api/public/ingestion HTTP/1.1" 207 Multi-Status');
    expect(await screen()).toContain("\u001b[36minfo ");
    expect(await screen()).not.toContain('{"time"');
  } finally {
    process.kill(pid, "SIGTERM");
    await terminal.exited;
  }
});
