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
  const urlOf = (name: string) => `${tls === null ? "http" : "https"}://${name}:${port}`;
  const isEverywhere = host === "0.0.0.0" || host === "::" || host === "[::]";
  const url = urlOf(isEverywhere ? "localhost" : bracketed(host));
  const address = isEverywhere ? `${urlOf(bracketed(host))} (all addresses)` : url;
  const page = lineWriter(1);
  page.write(banner(runtime, { url, address, builtIn: source.watched === null }));
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

/** As it stands in a URL. */
function bracketed(host: string): string {
  return host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
}
