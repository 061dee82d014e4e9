import { isIP } from "node:net";
import { type Finding, fault, type KeyPath, warning } from "./findings.ts";
import { isLoopbackHost } from "./listener.ts";

/** Where `/metrics` is served without a key; null where it is not. */
export interface MetricsListen {
  /** An address or a name, without brackets. */
  readonly hostname: string;
  /** 0 takes a free one. */
  readonly port: number;
}

/** `metrics_listen`, which stands at `path`. */
export function compileMetrics(written: string | undefined, path: KeyPath) {
  const findings: Finding[] = [];
  const listen = written === undefined ? null : parse(written);
  if (written !== undefined && listen === null) {
    const remedy = "Write 127.0.0.1:9090, say; an IPv6 address in brackets.";
    findings.push(fault(path, "this is no ADDRESS:PORT", remedy));
  }
  if (listen !== null && !isLoopbackHost(listen.hostname)) {
    const message = "anyone who reaches this address may read the metrics";
    const remedy = "Listen on 127.0.0.1, or let only the collector through.";
    findings.push(warning(path, message, remedy, "unsafe"));
  }
  return { listen, findings } satisfies { listen: MetricsListen | null; findings: Finding[] };
}

function parse(text: string): MetricsListen | null {
  const [, bracketed, plain = "", digits = ""] =
    /^(?:\[([\d:A-Fa-f.]+)\]|([\w.-]+)):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (digits === "" || port > 65_535) return null;
  if (bracketed !== undefined) return isIP(bracketed) === 6 ? { hostname: bracketed, port } : null;
  const looksLikeAddress = /^[\d.]+$/.test(plain);
  return looksLikeAddress && isIP(plain) !== 4 ? null : { hostname: plain, port };
}
