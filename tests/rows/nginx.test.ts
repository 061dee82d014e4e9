import { afterAll, describe, expect, test } from "bun:test";
import { hasNginx, startNginx } from "../helpers/nginx.ts";
import { nginxConfig } from "./config.ts";
import { checkInvariants, exchange, startUpstreams } from "./exchange.ts";
import { framing } from "./framing.ts";
import { headers } from "./headers.ts";
import { methods } from "./methods.ts";
import { replies } from "./replies.ts";
import type { Row } from "./row.ts";
import { targets } from "./targets.ts";

const upstreams = await startUpstreams();
const nginx = hasNginx() ? await startNginx(nginxConfig(upstreams)) : null;

afterAll(async () => {
  await nginx?.[Symbol.asyncDispose]();
  upstreams[Symbol.dispose]();
});

const rows = [...targets, ...headers, ...framing, ...methods, ...replies];

/** Proves the harness: what it sees of nginx is what is known of nginx. */
describe.skipIf(nginx === null)("nginx", () => {
  test.each(pick("meets"))("meets %s", async (_, row) => {
    await judge(row);
  });

  test.each(pick("differs"))("differs in %s", async (_, row) => {
    expect(
      await judge(row).then(
        () => "met",
        () => "differs",
      ),
    ).toBe("differs");
  });
});

async function judge(row: Row) {
  if (nginx === null) throw new Error("nginx is not installed");
  const seen = await exchange(nginx, upstreams, row);
  checkInvariants(seen, row, upstreams);
  row.check(seen);
}

function pick(verdict: Row["nginx"]) {
  return rows
    .filter((row) => row.nginx === verdict)
    .map((row) => [`${row.id}: ${row.about.slice(0, 100)}`, row] as const);
}
