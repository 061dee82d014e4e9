import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A real nginx in front of an upstream: what proves a test harness before it judges the gateway. */
export interface Nginx extends AsyncDisposable {
  readonly pid: number;
  readonly port: number;
}

const executable = ["/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx"].find(existsSync);

/** Whether nginx is here; in CI it has to be. */
export function hasNginx(): boolean {
  if (executable === undefined && process.env["CI"] === "true") throw new Error("CI wants nginx");
  return executable !== undefined;
}

/** Starts nginx with the given content of its `http` block; `PORT` in it becomes a free port. */
export async function startNginx(http: string): Promise<Nginx> {
  if (executable === undefined) throw new Error("nginx is not installed");
  const dir = mkdtempSync(join(tmpdir(), "tollgate-nginx-"));
  const port = await freePort();
  writeFileSync(join(dir, "nginx.conf"), mainBlock(dir, http.replaceAll("PORT", String(port))));
  const child = Bun.spawn([executable, "-p", dir, "-c", join(dir, "nginx.conf"), "-e", "stderr"], {
    stdin: "ignore",
    stdout: "ignore",
    stderr: "pipe",
  });
  const stderr = new Response(child.stderr).text();
  const dispose = async () => {
    child.kill("SIGKILL");
    await child.exited;
    rmSync(dir, { recursive: true, force: true });
  };
  if (!(await accepts(port, () => child.exitCode !== null))) {
    await dispose();
    throw new Error(`nginx did not start\n${await stderr}`);
  }
  return { port, pid: child.pid, [Symbol.asyncDispose]: dispose };
}

function mainBlock(dir: string, http: string): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((kind) => `${kind}_temp_path ${dir}/${kind};`)
    .join("\n");
  return `daemon off; master_process off; pid ${dir}/nginx.pid; error_log stderr crit;
events { worker_connections 512; }
http { access_log off; ${temporary}
${http}
}`;
}

/** nginx cannot take port 0. */
function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => {
        if (address === null || typeof address === "string") fail(new Error("no free port"));
        else done(address.port);
      });
    });
  });
}

async function accepts(port: number, gone: () => boolean): Promise<boolean> {
  const deadline = performance.now() + 5_000;
  while (performance.now() < deadline && !gone()) {
    if (await connects(port)) return true;
    await Bun.sleep(10);
  }
  return false;
}

function connects(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ port, host: "127.0.0.1" }, () => {
      socket.destroy();
      done(true);
    });
    socket.once("error", () => done(false));
  });
}
