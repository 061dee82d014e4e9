import { expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, onlyRoute, route } from "./load.ts";

const pem = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";

test("files of tls are read beside the config file", () => {
  using dir = folder();
  const yaml = route(
    "      tls: {ca: own.pem, cert: own.pem, key: own.pem, server_name: a.example}\n",
  );

  const { transport } = onlyRoute(yaml, { file: join(dir.path, "config.yaml") });

  expect(transport.tls).toEqual({
    ca: pem,
    cert: pem,
    key: pem,
    serverName: "a.example",
    verify: true,
  });
});

test.each(["cert", "key"])("tls with a %s alone is a fault", (key) => {
  using dir = folder();

  const { faults } = build(route(`      tls: {${key}: own.pem}\n`), {
    file: join(dir.path, "config.yaml"),
  });

  expect(faults).toHaveLength(1);
  expect(faults[0]).toContain(`tls.${key}: cert and key go together`);
});

function folder() {
  const path = mkdtempSync(join(tmpdir(), "tollgate-tls-"));
  writeFileSync(join(path, "own.pem"), pem);
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
