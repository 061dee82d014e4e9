import { expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { startGateway } from "../helpers/gateway.ts";
import { startRawUpstream, type Step } from "../helpers/raw-upstream.ts";
import { makeCertificate, servedName } from "./certificate.ts";
import { temporaryFolder, until } from "./program.ts";

const insecure = { tls: { rejectUnauthorized: false } };

function folderWithCertificate(commonName: string) {
  const folder = temporaryFolder();
  const [cert, key] = [folder.file("cert.pem"), folder.file("key.pem")];
  makeCertificate(commonName, cert, key);
  const args = ["--tls-cert", cert, "--tls-key", key];
  return { cert, key, args, [Symbol.dispose]: () => folder[Symbol.dispose]() };
}

test("TLS 1.2 and 1.3 are served, 1.0 and 1.1 are refused", async () => {
  using files = folderWithCertificate("one");
  await using gateway = await startGateway("{}", { args: files.args });

  const protocols = await Promise.all(
    ["tls1", "tls1_1", "tls1_2", "tls1_3"].map(async (version) => {
      const address = `127.0.0.1:${gateway.port}`;
      const client = Bun.spawn(
        ["openssl", "s_client", "-connect", address, `-${version}`, "-cipher", "ALL:@SECLEVEL=0"],
        { stdin: "ignore", stderr: "ignore" },
      );
      return /^New, (.*), Cipher/m.exec(await new Response(client.stdout).text())?.[1];
    }),
  );

  expect(protocols).toEqual(["(NONE)", "(NONE)", "TLSv1.2", "TLSv1.3"]);
  expect(gateway.stdout()).toContain(`Listening on https://localhost:${gateway.port}`);
  expect((await fetch(`${gateway.url}/health/liveness`, insecure)).status).toBe(200);
});

test("a new certificate is served within 500 ms; a stream that runs is not cut", async () => {
  const stream: Step[] = [
    { write: "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" },
    ...Array.from({ length: 30 }, (): Step[] => [{ write: "data: x\n\n" }, { wait: 50 }]).flat(),
    { write: "data: [DONE]\n\n" },
    { end: "close" },
  ];
  using upstream = await startRawUpstream({ scripts: { "/sse": stream } });
  using files = folderWithCertificate("one");
  const yaml = `general_settings: { pass_through_endpoints: [{ path: /sse, target: "${upstream.url}/sse" }] }`;
  await using gateway = await startGateway(yaml, { args: files.args });
  const reply = await fetch(`${gateway.url}/sse`, insecure);
  expect(await servedName(gateway.port)).toBe("one");

  makeCertificate("two", files.cert, files.key);
  await until(async () => (await servedName(gateway.port)) === "two", 500);

  expect(await reply.text()).toEndWith("[DONE]\n\n");
  expect(gateway.lines().some(({ event }) => event === "certificate_renewed")).toBe(true);
  expect(await servedName(gateway.port)).toBe("two");
});

const broken: readonly (readonly [name: string, cert: string | null, key: string | null])[] = [
  ["garbage", "no certificate\n", null],
  ["an empty key", null, ""],
];

test.each(broken)("%s in place of a certificate keeps the old one", async (_, cert, key) => {
  using files = folderWithCertificate("one");
  await using gateway = await startGateway("{}", { args: files.args });

  if (cert !== null) writeFileSync(files.cert, cert);
  if (key !== null) writeFileSync(files.key, key);
  const line = await gateway.waitForLine(({ event }) => event === "certificate_failed");
  const during = await servedName(gateway.port);
  makeCertificate("two", files.cert, files.key);
  await until(async () => (await servedName(gateway.port)) === "two", 1_000);

  expect(line["message"]).toContain(`${files.cert} cannot be used with the key ${files.key} (ERR_`);
  expect(during).toBe("one");
});

test("a certificate that belongs to another key keeps the old one", async () => {
  using files = folderWithCertificate("one");
  using other = folderWithCertificate("other");
  await using gateway = await startGateway("{}", { args: files.args });

  writeFileSync(files.cert, await Bun.file(other.cert).text());
  const line = await gateway.waitForLine(({ event }) => event === "certificate_failed");

  expect(line["message"]).toContain("KEY_VALUES_MISMATCH");
  expect(await servedName(gateway.port)).toBe("one");
});

test("a start with a broken certificate says so", async () => {
  using files = folderWithCertificate("one");
  writeFileSync(files.key, "no key\n");

  await using gateway = await startGateway("{}", { args: files.args, waitFor: "exit" });

  expect(gateway.stderr()).toContain(`The certificate ${files.cert} cannot be used with the key`);
  expect(await gateway.exited).toBe(2);
});
