import { expect, setDefaultTimeout, test } from "bun:test";
import { config, masterKey } from "../gateway/wire.ts";
import { startGateway } from "../helpers/gateway.ts";
import { sent } from "../gateway/wire.ts";
import { ask, base, listIn, oneIn, startHouse } from "./endpoints-house.ts";

setDefaultTimeout(30_000);

test("of 50 that change one version at the same time one wins each round, and no change is lost", async () => {
  await using house = await startHouse();
  const made = await house.ask(["POST", base], { path: "/raced", target: house.upstream.url });
  const { id } = oneIn(made);
  const rounds = 4;
  const winners: number[] = [];

  for (let version = 1; version <= rounds; version += 1) {
    const replies = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        house.ask(["POST", `${base}/${id}`], { timeout: version * 100 + index, version }),
      ),
    );
    const won = replies.flatMap(({ status }, index) => (status === 200 ? [index] : []));
    expect(won.length).toBe(1);
    expect(replies.filter(({ status }) => status === 409).length).toBe(49);
    winners.push(version * 100 + (won[0] ?? -1));
    const now = oneIn(await house.ask(["GET", `${base}?endpoint_id=${id}`]));
    expect(now).toMatchObject({ timeout: winners.at(-1), version: version + 1 });
  }

  const { body } = await house.ask(["GET", `/audit?subject=${id}`]);
  expect(Object(body).total).toBe(rounds + 1);
});

test("50 that are made at the same time are all there, and served", async () => {
  await using house = await startHouse();
  const paths = Array.from({ length: 50 }, (_, index) => `/many-${index}`);

  const replies = await Promise.all(
    paths.map((path) => house.ask(["POST", base], { path, target: house.upstream.url })),
  );

  expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
  const listed = listIn(await house.ask(["GET", base])).map(({ path }) => path);
  expect(listed.toSorted()).toEqual(paths.toSorted());
  expect(await Promise.all(paths.map((path) => house.call(path)))).toEqual(paths.map(() => 200));
});

test("endpoints, their secrets and their versions are there after a restart", async () => {
  await using house = await startHouse();
  const { gateway, upstream } = house;
  const made = await house.ask(["POST", base], {
    path: "/lasting",
    target: upstream.url,
    include_subpath: true,
    headers: { "x-key": "lasting-secret-1234" },
  });
  const { id } = oneIn(made);
  await house.ask(["POST", `${base}/${id}`], { cost_per_request: 0.04 });
  const before = oneIn(await house.ask(["GET", `${base}?endpoint_id=${id}`]));
  gateway.signal("SIGTERM");
  await gateway.exited;

  const yaml = config(
    ["path: /other, target: tollgate://sample"],
    `master_key: ${masterKey}`,
    "allow_private_targets: true",
  );
  await using again = await startGateway(yaml, { dir: gateway.dir });

  expect(oneIn(await ask(again, ["GET", `${base}?endpoint_id=${id}`]))).toEqual(before);
  const headers = { authorization: `Bearer ${masterKey}` };
  expect((await fetch(`${again.url}/lasting/below`, { headers })).status).toBe(200);
  expect(sent(upstream.requests.at(-1) ?? never(), "x-key")).toEqual(["lasting-secret-1234"]);
});

function never(): never {
  throw new Error("nothing went up");
}
