import { expect, test } from "bun:test";
import { join } from "node:path";
import { openLedger } from "../../src/storage/sqlite/ledger-store.ts";
import { startGateway } from "../helpers/gateway.ts";
import { temporaryFolder, until } from "../process/program.ts";

test("the program folds its calls into the ledger, compiled or not", async () => {
  using folder = temporaryFolder();
  const data = folder.file("data");
  const config = `general_settings:
  pass_through_endpoints:
    - path: /priced
      target: tollgate://sample
      include_subpath: true
      auth: false
      cost_per_request: 0.5
`;
  await using gateway = await startGateway(config, { args: ["--data-dir", data] });
  for (let call = 0; call < 3; call++) {
    await (await fetch(`http://127.0.0.1:${gateway.port}/priced/x`)).bytes();
  }

  const ledger = openLedger(join(data, "ledger.db"));
  await until(() => ledger.account("all") !== null, 10_000);
  await until(() => ledger.account("all")?.spentNanoUsd === 1_500_000_000, 10_000);
  const order = { by: "startedAt", descending: true } as const;
  const page = ledger.rows({}, order, { page: 1, size: 10 });
  ledger.close();

  expect([page.total, page.items[0]?.costNanoUsd]).toEqual([3, 500_000_000]);
});
