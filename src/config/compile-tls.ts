import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { TransportTls } from "../core/routes.ts";
import type { EndpointTls } from "./endpoint-schema.ts";
import { type Finding, fault, type KeyPath, warning } from "./findings.ts";

/** The files of `tls` read; null where there is no such key. */
export interface CompiledTls {
  readonly tls: TransportTls | null;
  readonly findings: readonly Finding[];
}

/** `directory` is what the files' paths are relative to. */
export function compileTls(
  tls: EndpointTls | undefined,
  path: KeyPath,
  directory: string,
): CompiledTls {
  if (tls === undefined) return { tls: null, findings: [] };
  const findings: Finding[] = [];
  const read = (key: "ca" | "cert" | "key") => {
    const file = tls[key];
    if (file === undefined) return null;
    try {
      const text = readFileSync(resolve(directory, file), "utf8");
      if (text.includes("-----BEGIN ")) return text;
      findings.push(fault([...path, key], "this file is not PEM", "Convert it with openssl."));
    } catch {
      findings.push(fault([...path, key], "this file cannot be read", "Check its path and mode."));
    }
    return null;
  };
  const compiled = {
    ca: read("ca"),
    cert: read("cert"),
    key: read("key"),
    serverName: tls.server_name ?? null,
    verify: tls.verify !== false,
  };
  if ((tls.cert === undefined) !== (tls.key === undefined)) {
    const there = tls.cert === undefined ? "key" : "cert";
    findings.push(fault([...path, there], "cert and key go together", "Name both files."));
  }
  if (tls.verify === false) {
    const message = "the upstream's certificate is not checked";
    const remedy = "Trust its authority with tls.ca instead.";
    findings.push(warning([...path, "verify"], message, remedy, "unsafe"));
  }
  return { tls: compiled, findings };
}
