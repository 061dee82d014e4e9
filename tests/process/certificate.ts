import { renameSync } from "node:fs";
import { connect } from "node:tls";

/** Makes a self-signed certificate for localhost, and its key, in two files. */
export function makeCertificate(commonName: string, cert: string, key: string): void {
  const fixed =
    "req -x509 -nodes -days 2 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -addext subjectAltName=DNS:localhost,IP:127.0.0.1";
  const named = ["-subj", `/CN=${commonName}`, "-keyout", `${key}.new`, "-out", `${cert}.new`];
  const { success, stderr } = Bun.spawnSync(["openssl", ...fixed.split(" "), ...named]);
  if (!success) throw new Error(stderr.toString());
  renameSync(`${key}.new`, key);
  renameSync(`${cert}.new`, cert);
}

/** The common name in the certificate of a new connection. */
export function servedName(port: number): Promise<string> {
  return new Promise((done, fail) => {
    const socket = connect({ port, host: "127.0.0.1", rejectUnauthorized: false }, () => {
      const { subject } = socket.getPeerCertificate();
      socket.destroy();
      done(String(subject.CN));
    });
    socket.on("error", fail);
  });
}
