import { expect, test } from "bun:test";
import { chmodSync, writeFileSync } from "node:fs";
import { delimiter } from "node:path";
import type { LoggedBodies, LoggedBody } from "../../src/core/body-log.ts";
import { asCurl } from "../../src/http/as-curl.ts";
import { temporaryFolder } from "../process/program.ts";

const body = (text: string | null, parts: Partial<LoggedBody> = {}): LoggedBody => ({
  text,
  assembled: null,
  base64: null,
  bytes: text === null ? 5 : Buffer.byteLength(text),
  isCut: false,
  ...parts,
});

const logged = (parts: Partial<LoggedBodies> = {}): LoggedBodies => ({
  id: "01",
  method: "POST",
  url: "/v1/chat?x=1",
  requestHeaders: { "content-type": "application/json" },
  request: body("{}"),
  status: 200,
  replyHeaders: {},
  reply: body("{}"),
  ...parts,
});

const key = "sk-the-key-of-whoever-pastes";

/** The arguments that curl gets when a shell is given the command; whatever else the shell does shows too. */
async function argumentsOf(command: string, shell = "sh"): Promise<string[]> {
  using folder = temporaryFolder();
  writeFileSync(
    folder.file("curl"),
    '#!/bin/sh\nfor one in "$@"; do printf "%s\\0" "$one"; done\n',
  );
  chmodSync(folder.file("curl"), 0o755);
  const child = Bun.spawn([shell], {
    stdin: Buffer.from(command),
    stdout: "pipe",
    stderr: "pipe",
    cwd: folder.path,
    env: { PATH: folder.path + delimiter + process.env["PATH"], TOLLGATE_KEY: key },
  });
  const [out, trouble] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  expect(trouble).toBe("");
  return out.split("\0").slice(0, -1);
}

test("a call becomes a command with the caller's own key", async () => {
  const command = asCurl(logged({ request: body('{"model":"m"}') }), "http://127.0.0.1:4000");

  expect(await argumentsOf(command)).toEqual([
    "--globoff",
    "--path-as-is",
    "http://127.0.0.1:4000/v1/chat?x=1",
    "-H",
    "content-type: application/json",
    "-H",
    `authorization: Bearer ${key}`,
    "--data-raw",
    '{"model":"m"}',
  ]);
});

const nasty = [
  "'; touch pwned; '",
  "$(touch pwned)`touch pwned`",
  "\"'\\''\"'\n'newline\n# comment\n",
  "\\",
  "-o /etc/passwd",
  "@/etc/passwd",
  "!! %s ~ * ? {a,b} [x]",
  "\u2028 ünïcode 🎉",
];

test.each(nasty)("nothing in a body, header or path leaves its quotes: %p", async (text) => {
  const oneLine = text.replace(/\n/g, " ");
  const command = asCurl(
    logged({
      url: `/v1/${oneLine}`,
      request: body(text),
      requestHeaders: { "content-type": "text/plain", "user-agent": oneLine },
    }),
    "http://127.0.0.1:4000",
  );

  for (const shell of ["sh", "bash"]) {
    const args = await argumentsOf(command, shell);
    expect(args).toContain(`http://127.0.0.1:4000/v1/${oneLine}`);
    expect(args).toContain(`user-agent: ${oneLine}`);
    expect(args.slice(-2)).toEqual(["--data-raw", text]);
  }
});

test("what the log has instead of a secret becomes the variable, wherever it stands", async () => {
  const command = asCurl(
    logged({
      url: "/v1/chat?key=[redacted]&x=sk-0123456789abcdef",
      requestHeaders: {
        authorization: "[redacted]",
        "x-api-key": "[redacted]",
        "x-auth-token": "[redacted]",
        "x-strange": "[redacted]",
        cookie: "[redacted]",
        "x-request-id": "sk-0123456789abcdef",
      },
      request: body('{"a":"sk-0123456789abcdef","b":"sk-*****************"}'),
    }),
    "http://127.0.0.1:4000",
  );
  const args = await argumentsOf(command);

  expect(command).not.toMatch(/sk-|redacted\]/);
  expect(command).toContain("# Left out, since their values are not kept: x-strange.\n");
  expect(args).toEqual([
    "--globoff",
    "--path-as-is",
    `http://127.0.0.1:4000/v1/chat?key=${key}&x=${key}`,
    "-H",
    `authorization: Bearer ${key}`,
    "-H",
    `x-api-key: ${key}`,
    "-H",
    `x-auth-token: ${key}`,
    "-H",
    `x-request-id: ${key}`,
    "-H",
    "content-type:",
    "--data-raw",
    `{"a":"${key}","b":"${key}"}`,
  ]);
});

test("a body that a command line cannot hold is left to a file, and it is said why", async () => {
  const bodies: readonly (readonly [LoggedBody, string])[] = [
    [body(null, { base64: "AAECAwQ=" }), "is not text"],
    [body("{", { bytes: 9_000, isCut: true }), "Only a part of the 9000 bytes"],
    [body("x".repeat(100_001)), "too long"],
    [body("a\u001b[201~rm -rf ~\n"), "control characters"],
    [body("a\0b"), "control characters"],
    [body("a\u009b31m"), "control characters"],
  ];
  for (const [request, reason] of bodies) {
    const command = asCurl(logged({ request }), "http://127.0.0.1:4000");
    const [comment = ""] = command.split("\n");
    expect(comment).toMatch(/^# .*a file named body\.$/);
    expect(comment).toContain(reason);
    expect((await argumentsOf(command)).slice(-2)).toEqual(["--data-binary", "@body"]);
  }
});

test("methods are curl's own where it has them", async () => {
  const none = body("");
  const start = async (parts: Partial<LoggedBodies>) =>
    (await argumentsOf(asCurl(logged(parts), "http://h"))).slice(0, 3).join(" ");

  expect(await start({ method: "GET", request: none })).toBe(
    "--globoff --path-as-is http://h/v1/chat?x=1",
  );
  expect(await start({ method: "HEAD", request: none })).toBe("--head --globoff --path-as-is");
  expect(await start({ method: "POST", request: none })).toBe("-X POST --globoff");
  expect(await start({ method: "GET" })).toBe("-X GET --globoff");
  expect(await start({ method: "PU'T" })).toBe("-X PU'T --globoff");
});

test("an origin that is none is not asked", () => {
  for (const origin of ['http://a"$(x)', "file:///etc", "http://a b"]) {
    expect(asCurl(logged(), origin)).toContain('"${TOLLGATE_URL:-http://localhost:4000}"');
  }
});
