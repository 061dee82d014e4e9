import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A certificate and its key, as PEM text and as files. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
  readonly certFile: string;
  readonly keyFile: string;
}

/** Certificates for one test file, made by openssl in a folder that goes with them. */
export interface Certificates extends Disposable {
  /** The authority that signed all but `selfSigned`. */
  readonly authority: Certificate;
  /** For localhost and 127.0.0.1. */
  readonly valid: Certificate;
  readonly selfSigned: Certificate;
  /** For api.example.test alone. */
  readonly otherName: Certificate;
  /** For localhost and 127.0.0.1, until yesterday. */
  readonly expired: Certificate;
  /** Of a client. */
  readonly client: Certificate;
}

const here = "DNS:localhost,IP:127.0.0.1";

export function makeCertificates(): Certificates {
  const dir = mkdtempSync(join(tmpdir(), "tollgate-certs-"));
  const files = (name: string) => ({
    certFile: join(dir, `${name}.pem`),
    keyFile: join(dir, `${name}.key`),
  });
  const read = (name: string): Certificate => ({
    ...files(name),
    cert: readFileSync(files(name).certFile, "utf8"),
    key: readFileSync(files(name).keyFile, "utf8"),
  });
  const ownSigned = (name: string, extension: string): Certificate => {
    const { certFile, keyFile } = files(name);
    const made = ["-keyout", keyFile, "-out", certFile, "-days", "30", "-addext", extension];
    openssl("req", "-x509", ...newKey, "-subj", `/CN=${name}`, ...made);
    return read(name);
  };
  const authority = ownSigned("authority", "keyUsage=critical,keyCertSign");
  const signed = (name: string, names: string, days = "30"): Certificate => {
    const { certFile, keyFile } = files(name);
    const request = join(dir, `${name}.csr`);
    const extensions = join(dir, `${name}.ext`);
    writeFileSync(extensions, `basicConstraints=CA:FALSE\nsubjectAltName=${names}\n`);
    openssl("req", ...newKey, "-subj", `/CN=${name}`, "-keyout", keyFile, "-out", request);
    const by = ["-CA", authority.certFile, "-CAkey", authority.keyFile, "-CAcreateserial"];
    openssl(
      "x509",
      "-req",
      "-in",
      request,
      ...by,
      "-days",
      days,
      "-extfile",
      extensions,
      "-out",
      certFile,
    );
    return read(name);
  };
  return {
    authority,
    valid: signed("valid", here),
    selfSigned: ownSigned("self-signed", `subjectAltName=${here}`),
    otherName: signed("other-name", "DNS:api.example.test"),
    expired: signed("expired", here, "-1"),
    client: signed("client", "DNS:client.example.test"),
    [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }),
  };
}

const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

function openssl(...args: readonly string[]): void {
  const { success, stderr } = Bun.spawnSync(["openssl", ...args], { stderr: "pipe" });
  if (!success) throw new Error(`openssl ${args[0]}: ${stderr.toString()}`);
}
