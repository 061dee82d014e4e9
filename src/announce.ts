import { banner } from "./cli/banner.ts";
import type { Settings } from "./cli/settings.ts";
import type { Log } from "./logging/log.ts";
import { lineWriter } from "./logging/writer.ts";
import type { Runtime } from "./runtime.ts";
import type { TlsFiles } from "./server.ts";
import { version } from "./version.ts";

/** Says that calls are taken now, and where: a page for people on stdout, a line in the log. */
export function announce(
  { host, source, tls }: Settings & { readonly tls: TlsFiles | null },
  port: number,
  runtime: Runtime,
  log: Log,
): void {
  const url = `${tls === null ? "http" : "https"}://${nameOf(host)}:${port}`;
  const page = lineWriter(1);
  page.write(banner(runtime, { url, builtIn: source.watched === null }));
  void page.flush(500); // at once: whoever reads the line may look at the page
  log.info("listening", {
    url,
    port,
    version,
    pid: process.pid,
    config: source.file,
    routes: runtime.rules.routes.all.length,
  });
}

/** What a browser at this machine reaches the address by. */
function nameOf(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "localhost";
  return host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
}
