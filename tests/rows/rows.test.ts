import { afterAll, describe, expect, test } from "bun:test";
import { startGateway } from "../helpers/gateway.ts";
import { gatewayConfig } from "./config.ts";
import { checkInvariants, checkKeys, exchange, startUpstreams } from "./exchange.ts";
import { framing } from "./framing.ts";
import { headers } from "./headers.ts";
import { methods } from "./methods.ts";
import { replies } from "./replies.ts";
import { get, providerKeys, virtualKey, type Row } from "./row.ts";
import { targets } from "./targets.ts";

const upstreams = await startUpstreams();
const gateway = await startGateway(gatewayConfig(upstreams));

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  upstreams[Symbol.dispose]();
});

const tables = { targets, headers, framing, methods, replies };

describe.each(Object.entries(tables))("%s", (_, rows) => {
  test.each(rows.map((row) => [title(row), row] as const))("%s", async (_, row) => {
    const seen = await exchange(gateway, upstreams, row);

    checkInvariants(seen, row, upstreams);
    checkKeys(seen);
    row.check(seen);
  });
});

test("after all rows the gateway serves, and no key stands in its log", async () => {
  const after: Row = { id: "", about: "", send: get("/pt/after"), check: () => {} };

  const { reply, sent } = await exchange(gateway, upstreams, after);

  expect(reply.status).toBe(200);
  expect(sent.length).toBe(1);
  for (const secret of [virtualKey, ...Object.values(providerKeys)]) {
    expect(gateway.stderr()).not.toContain(secret);
  }
});

function title({ id, about, deviation }: Row): string {
  const short = about.length > 100 ? `${about.slice(0, 100)}…` : about;
  return deviation === undefined ? `${id}: ${short}` : `${id}: ${short} (deviation: ${deviation})`;
}
