import { expect, test } from "bun:test";
import { base, oneIn, startHouse } from "./endpoints-house.ts";
import { masterKey } from "../gateway/wire.ts";
import { startRawUpstream } from "../helpers/raw-upstream.ts";

test("a call that began before a secret was replaced is logged without the old one, and without the new one", async () => {
  await using house = await startHouse();
  const release = Promise.withResolvers<void>();
  using speaker = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: async (request) => {
      await release.promise;
      return Response.json({ got: request.headers.get("x-subscription"), plain: "stays" });
    },
  });
  const [old, fresh] = ["canary-of-the-old-one-1", "canary-of-the-new-one-2"];
  const made = await house.ask(["POST", base], {
    path: "/replaced",
    target: `http://127.0.0.1:${speaker.port}`,
    headers: { "x-subscription": old },
    log: "bodies",
  });
  const { id } = oneIn(made);
  const call = fetch(`${house.gateway.url}/replaced`, {
    method: "POST",
    headers: { authorization: `Bearer ${masterKey}` },
    body: `{"said": "${fresh}"}`,
  });
  while (speaker.pendingRequests === 0) await Bun.sleep(5);

  const change = await house.ask(["POST", `${base}/${id}`], {
    headers: { "x-subscription": fresh },
  });
  const removal = await house.ask(["DELETE", `${base}?endpoint_id=${id}`]);
  release.resolve();
  const reply = await call;
  const told = await reply.text();

  expect([change.status, removal.status]).toEqual([200, 200]);
  expect(told).toContain(old);
  const callId = reply.headers.get("x-litellm-call-id");
  const shown = await house.ask(["GET", `/spend/logs/ui/${callId}`]);
  expect(shown.text).toContain("stays");
  expect(shown.text).not.toContain(old);
  expect(shown.text).not.toContain(fresh);
});

test("callers are told a target's origin, whose path may be the secret", async () => {
  await using house = await startHouse([`path: /filed, target: "UPSTREAM/v1", auth: true`]);
  using other = await startRawUpstream();
  const path = "/bot123:canary-of-a-path/sendMessage";
  await house.ask(["POST", base], { path: "/bot", target: other.url + path });
  await house.ask(["POST", base], { path: "/sample", target: "tollgate://sample/x" });
  const told = async (route: string) => {
    const headers = { authorization: `Bearer ${masterKey}` };
    const reply = await fetch(house.gateway.url + route, { headers });
    await reply.text();
    return [reply.status, reply.headers.get("x-litellm-model-api-base")];
  };

  expect(await told("/bot")).toEqual([200, other.url]);
  expect(await told("/sample")).toEqual([200, "tollgate://sample/x"]);
  expect(await told("/filed")).toEqual([200, `${house.upstream.url}/v1`]);
  expect(other.requests.at(-1)?.target).toBe(path);
});
