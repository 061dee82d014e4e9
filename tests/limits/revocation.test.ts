import { afterAll, expect, test } from "bun:test";
import { get } from "../gateway/wire.ts";
import { change, type MadeKey, makeKey, makeTeam } from "../helpers/keys.ts";
import { type Answer, answerOf, call, dial } from "./crowd.ts";
import { getWith, startHouse } from "./house.ts";

const house = await startHouse(['path: /u, target: "UP", auth: true']);
const { gateway, port } = house;

afterAll(() => house[Symbol.asyncDispose]());

interface Seen {
  readonly at: number;
  readonly answer: Answer;
}

/** Calls one after another over one kept connection until told to stop. */
async function keepCalling(key: MadeKey, seen: Seen[], isOver: () => boolean): Promise<void> {
  const socket = await dial(port);
  while (!isOver()) {
    const at = performance.now();
    const answer = answerOf(socket);
    socket.write(getWith(key, "/u"));
    seen.push({ at, answer: await answer });
    await Bun.sleep(2);
  }
  socket.destroy();
}

const ways: readonly (readonly [string, (key: MadeKey, team: string) => Promise<void>])[] = [
  ["blocked", ({ key }) => change(gateway, "/key/block", { key })],
  ["updated to blocked", ({ key }) => change(gateway, "/key/update", { key, blocked: true })],
  ["deleted", ({ key }) => change(gateway, "/key/delete", { keys: [key] })],
  ["made anew", ({ key }) => change(gateway, "/key/regenerate", { key })],
  [
    "of a team that is blocked",
    (_, team) => change(gateway, "/team/update", { team_id: team, blocked: true }),
  ],
  ["of a team that is deleted", (_, team) => change(gateway, "/team/delete", { team_ids: [team] })],
];

test.each(ways)(
  "a key that is %s: the next call of its kept connections is refused, under load",
  async (_, revoke) => {
    const team = await makeTeam(gateway);
    const key = await makeKey(gateway, { team_id: team });
    const other = await makeKey(gateway);
    const [seen, others]: [Seen[], Seen[]] = [[], []];
    let over = false;

    const callers = Array.from({ length: 8 }, () => keepCalling(key, seen, () => over));
    callers.push(keepCalling(other, others, () => over));
    await Bun.sleep(80);
    await revoke(key, team);
    const revokedAt = performance.now();
    await Bun.sleep(80);
    over = true;
    await Promise.all(callers);

    const later = seen.filter(({ at }) => at > revokedAt);
    expect(seen.filter(({ answer }) => answer.status === 200).length).toBeGreaterThan(10);
    expect(later.length).toBeGreaterThan(10);
    expect(new Set(later.map(({ answer }) => answer.status))).toEqual(new Set([401]));
    expect(new Set(others.map(({ answer }) => answer.status))).toEqual(new Set([200]));
  },
);

test("a key that is blocked works again when it is unblocked", async () => {
  const key = await makeKey(gateway);
  const status = async () => (await call(port, getWith(key, "/u"))).status;

  await change(gateway, "/key/block", { key: key.key });
  const blocked = await status();
  await change(gateway, "/key/unblock", { key: key.key });

  expect([blocked, await status()]).toEqual([401, 200]);
});

test("unknown, blocked, expired and revoked keys get one answer, to the byte", async () => {
  const expiring = await makeKey(gateway, { duration: "1s" });
  const blocked = await makeKey(gateway, { blocked: true });
  const revoked = await makeKey(gateway);
  const inTeam = await makeKey(gateway, { team_id: await makeTeam(gateway, { blocked: true }) });
  await change(gateway, "/key/delete", { keys: [revoked.key] });
  expect((await call(port, getWith(expiring, "/u"))).status).toBe(200);
  await Bun.sleep(1_000);

  const shown = [expiring, blocked, revoked, inTeam, { key: "sk-unknown-0123456789", id: "" }];
  const answers = await Promise.all(shown.map((key) => call(port, getWith(key, "/u"))));
  answers.push(await call(port, get("/u")));

  const looks = answers.map(({ status, headers, body }) => {
    const { "x-litellm-call-id": id, date, ...rest } = headers;
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(date).toBeDefined();
    return JSON.stringify([status, rest, body]);
  });
  expect(new Set(looks).size).toBe(1);
  expect(answers[0]?.status).toBe(401);
});
