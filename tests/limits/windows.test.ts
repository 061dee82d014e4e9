import { expect, test } from "bun:test";
import type { Socket } from "node:net";
import { type Gateway, startGateway } from "../helpers/gateway.ts";
import { makeKey } from "../helpers/keys.ts";
import type { RawUpstream } from "../helpers/raw-upstream.ts";
import { answerOf, dial, tally, times } from "./crowd.ts";
import { getWith, startHouse, yamlOf } from "./house.ts";

const long = process.env["TOLLGATE_LONG"] === "1";
const pressureMs = long ? 180_000 : 16_000;

const routes = [
  'path: /burst, target: "UP/burst", auth: true',
  'path: /steady, target: "UP/steady", auth: true',
];

/** Clients that call without a pause worth speaking of, whatever becomes of the gateway meanwhile. */
function press(port: number, clients: number, request: Uint8Array) {
  let running = true;
  const counts: Record<string, number> = {};
  const client = async () => {
    let socket: Socket | null = null;
    while (running) {
      try {
        socket ??= await dial(port);
        const answer = answerOf(socket);
        socket.write(request);
        for (const [name, count] of Object.entries(tally([await answer]))) {
          counts[name] = (counts[name] ?? 0) + count;
        }
      } catch {
        socket?.destroy(); // the gateway is being started anew
        socket = null;
        await Bun.sleep(20);
      }
      await Bun.sleep(20);
    }
    socket?.destroy();
  };
  const ended = Promise.all(Array.from({ length: clients }, client));
  return {
    counts,
    stop: async () => {
      running = false;
      await ended;
    },
  };
}

/** The most requests that came to a path in any 60 seconds, by the upstream's own clock. */
function mostInAMinute({ requests }: RawUpstream, path: string): number {
  const at = requests.filter(({ target }) => target === path).map(({ receivedAt }) => receivedAt);
  let most = 0;
  let first = 0;
  at.forEach((time, index) => {
    while ((at[first] ?? 0) <= time - 60_000) first += 1;
    most = Math.max(most, index - first + 1);
  });
  return most;
}

async function again(gateway: Gateway, yaml: string, how: "SIGTERM" | "SIGKILL"): Promise<Gateway> {
  gateway.signal(how);
  await gateway.exited;
  return startGateway(yaml, { dir: gateway.dir, args: ["--port", String(gateway.port)] });
}

test(
  "5,000 calls at once against rpm 60: 60 go up; under pressure and over two restarts no more than the limit in any minute",
  async () => {
    await using house = await startHouse(routes);
    const { upstream, gateway, port } = house;
    const yaml = yamlOf(routes, upstream);
    const burst = await makeKey(gateway, { rpm_limit: 60 });
    const steady = await makeKey(gateway, { rpm_limit: 7 });

    const startedAt = performance.now();
    const pressure = press(port, 8, getWith(steady, "/steady"));
    const answers = await times(port, 5_000, getWith(burst, "/burst"));
    await Bun.sleep(startedAt + pressureMs / 3 - performance.now());
    await using second = await again(gateway, yaml, "SIGTERM");
    const afterStop = await times(port, 100, getWith(burst, "/burst"));
    await Bun.sleep(startedAt + (pressureMs * 2) / 3 - performance.now());
    await using third = await again(second, yaml, "SIGKILL");
    const afterKill = await times(port, 100, getWith(burst, "/burst"));
    await Bun.sleep(startedAt + pressureMs - performance.now());
    await pressure.stop();

    expect(tally(answers)).toEqual({ "200": 60, "429 rate_limited": 4_940 });
    expect(mostInAMinute(upstream, "/burst")).toBe(60);
    expect(mostInAMinute(upstream, "/steady")).toBe(7);
    expect(pressure.counts["429 rate_limited"]).toBeGreaterThan(pressureMs / 20);
    expect(Object.keys(pressure.counts).toSorted()).toEqual(["200", "429 rate_limited"]);
    if (long) {
      expect(house.hits("/steady")).toBeGreaterThanOrEqual(14);
    } else {
      expect(tally(afterStop)).toEqual({ "429 rate_limited": 100 });
      expect(tally(afterKill)).toEqual({ "429 rate_limited": 100 });
      expect(house.hits("/steady")).toBe(7);
    }
    expect(third.lines().filter(({ event }) => event === "uncaught")).toEqual([]);
  },
  pressureMs + 60_000,
);

test.skipIf(!long)(
  "three minutes of pressure against rpm 60: never more than 60 in any minute, and no less than a minute's worth",
  async () => {
    await using house = await startHouse(routes);
    const key = await makeKey(house.gateway, { rpm_limit: 60 });

    const pressure = press(house.port, 16, getWith(key, "/steady"));
    await Bun.sleep(182_000);
    await pressure.stop();

    expect(mostInAMinute(house.upstream, "/steady")).toBe(60);
    expect(house.hits("/steady")).toBeGreaterThanOrEqual(180);
  },
  240_000,
);
