import { expect, test } from "bun:test";
import { base, startHouse } from "./endpoints-house.ts";
import { tryCall } from "./trial.ts";

/** Every header of an endpoint is a secret, but harmless ones: whatever it is called. */
test("a secret header that is not called one is masked in what an upstream tells of it", async () => {
  await using house = await startHouse();
  const secret = "canary-of-a-plain-name-0123";
  const target = "tollgate://sample";
  const endpoint = { path: "/told", target, headers: { "x-subscription": secret } };
  const made = await house.ask(["POST", base], endpoint);
  expect(made.status).toBe(200);
  expect(made.text).not.toContain(secret);

  const { text, body } = await tryCall(house.gateway.url, {
    path: "/told",
    key: { kind: "master" },
  });

  expect(body.toString()).toContain("x-subscription"); // the sample tells what it got
  expect(text + body.toString()).not.toContain(secret);
});
