import { expect, test } from "bun:test";
import { mkdirSync } from "node:fs";
import { startGateway } from "../helpers/gateway.ts";
import { change, makeKey, makeTeam, teamInfo } from "../helpers/keys.ts";
import { masterKey } from "../gateway/wire.ts";
import { temporaryFolder } from "../process/program.ts";
import { startAdminApp } from "./admin-app.ts";

const yaml = `general_settings:
  master_key: ${masterKey}
  pass_through_endpoints:
    - { path: /echo, target: "tollgate://sample", auth: true, cost_per_request: 1 }
`;

test("a team that is removed takes what it spent with it", async () => {
  using app = startAdminApp();
  await app.post("/team/new", { team_id: "t", model_max_budget: { GPT: 5 } });

  const removed = await app.post("/team/delete", { team_ids: ["t"] });

  expect(removed.status).toBe(200);
  expect(app.adjusted).toEqual([
    ["team:t", -1_500_000_000],
    ["team:t:model:gpt", -1_500_000_000],
  ]);
});

test("a team that is made again under the same id has spent nothing, after a restart too", async () => {
  const call = async (url: string, key: string) => {
    const headers = { authorization: `Bearer ${key}` };
    return (await fetch(`${url}/echo`, { method: "POST", headers, body: "{}" })).status;
  };
  using folder = temporaryFolder();
  const dir = folder.file("gateway");
  mkdirSync(dir);
  const fields = { team_id: "again", max_budget: 1 };

  const first = await startGateway(yaml, { dir });
  await makeTeam(first, fields);
  const { key } = await makeKey(first, { team_id: "again" });
  const statuses = [await call(first.url, key), await call(first.url, key)];
  await change(first, "/team/delete", { team_ids: ["again"] });
  await makeTeam(first, fields);
  const { spend } = await teamInfo(first, "again");
  await first[Symbol.asyncDispose]();
  await using second = await startGateway(yaml, { dir });
  const later = await teamInfo(second, "again");
  const other = await makeKey(second, { team_id: "again" });

  expect([statuses, spend, later.spend]).toEqual([[200, 429], 0, 0]);
  expect(await call(second.url, other.key)).toBe(200);
});
