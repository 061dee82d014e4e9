import { afterAll, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { runTollgate, startGateway } from "../helpers/gateway.ts";
import { masterKey } from "../gateway/wire.ts";

const secret = "canary-0123456789abcdef";
const env = { SECRET: secret };
const yaml = `general_settings:
  master_key: ${masterKey}
  pass_through_endpoints:
    - path: /open
      target: https://a.example/x?key=${secret}
      auth: off
      alerting: []
    - path: /later
      target: https://b.example
      enabled_if: LATER
    - path: /guarded
      target: https://c.example
      auth: true
      headers: {x-api-key: os.environ/SECRET}
router_settings: {num_retries: 3}
`;

const gateway = await startGateway(yaml, { env });

afterAll(() => gateway[Symbol.asyncDispose]());

async function get(path: string, key: string = masterKey) {
  const headers = { authorization: `Bearer ${key}` };
  const reply = await fetch(gateway.url + path, { headers });
  const text = await reply.text();
  return { status: reply.status, text, body: JSON.parse(text) };
}

test("the report is that of tollgate check", async () => {
  const { stdout } = await runTollgate(["check", "--config", gateway.configPath], { env });

  const { status, body, text } = await get("/config/report");

  expect([status, body.file]).toEqual([200, gateway.configPath]);
  const rows = body.sections.flatMap(({ rows }: { rows: object[] }) => rows);
  const told = stdout.split("\n").filter((line) => /^ {2}(?:\d+|-) {2,}\S/.test(line));
  const listed = told.filter((line) => /honoured|differs|ignored|unsafe|not yet|fault/.test(line));
  expect(rows.length).toBe(listed.length);
  for (const { title } of body.sections) expect(stdout).toContain(`\n${title}\n`);
  for (const { place, key, message, remedy } of body.findings) {
    expect(stdout).toContain(`${place}${key === "" ? "" : ` ${key}`}: ${message}. ${remedy}`);
  }
  const faults = body.findings.filter(({ severity }: { severity: string }) => severity === "fault");
  const warnings = body.findings.length - faults.length;
  expect(stdout).toEndWith(
    `\n${body.routes.length} routes, ${faults.length} faults, ${warnings} warnings\n`,
  );
  expect(body.routes).toMatchObject([
    { id: "/open", owner: "config", target: "https://a.example/x", auth: false },
    { id: "/guarded", auth: true },
  ]);
  expect(body.off).toEqual([{ path: "/later", unset: ["LATER"] }]);
  expect(text).not.toContain("canary");
});

test("it is about the file as it is now; what runs is left alone", async () => {
  writeFileSync(gateway.configPath, `${yaml}guardrails: [`);
  const broken = await get("/config/report");
  const running = await get("/routes");
  const { stdout } = await runTollgate(["check", "--config", gateway.configPath], { env });
  writeFileSync(gateway.configPath, yaml);

  const [{ severity, place, key, message }, ...others] = broken.body.findings;
  expect([severity, key, others]).toEqual(["fault", "", []]);
  expect(place).toMatch(/config\.yaml:16:\d+$/);
  expect(stdout).toContain(`${place}: ${message}. `);
  expect(running.body.routes.length).toBe(2);
});

test("credentials are told by name", async () => {
  const { body, text } = await get("/health/credentials");

  expect(body).toEqual({
    credentials: [
      { name: "LATER", kind: "variable", present: false, endpoints: ["/later"] },
      { name: "SECRET", kind: "variable", present: true, endpoints: ["/guarded"] },
    ],
  });
  expect(text).not.toContain("canary");
});

test.each(["/config/report", "/health/credentials", "/routes/activity"])(
  "%s is for admins",
  async (path) => {
    expect((await get(path, "sk-0123456789abcdef0123")).status).toBe(401);
  },
);
