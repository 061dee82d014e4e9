import { expect, test } from "bun:test";
import { hostname } from "node:os";
import { masterKey } from "../gateway/wire.ts";
import { startGateway } from "../helpers/gateway.ts";
import { ask, base, listIn, messageOf, oneIn } from "./endpoints-house.ts";

const inside = [
  "http://127.0.0.1:9",
  "http://localhost:9",
  "http://[::1]:9",
  "http://[::ffff:10.0.0.1]/",
  "http://0x7f000001/",
  "http://2130706433/",
  "http://0.0.0.0/",
  "http://10.0.0.1/",
  "http://172.16.0.1/",
  "http://192.168.1.1/",
  "http://169.254.169.254/latest/meta-data/",
  "http://[fd00:ec2::254]/",
];

test("an endpoint of the API leads to no address of these networks, made so or changed to it", async () => {
  await using gateway = await startGateway(`general_settings: { master_key: ${masterKey} }`);
  const made = await ask(gateway, ["POST", base], { path: "/out", target: "https://1.1.1.1/" });
  const { id } = oneIn(made);

  for (const target of inside) {
    const replies = [
      await ask(gateway, ["POST", base], { path: "/in", target }),
      await ask(gateway, ["POST", `${base}?dry_run=true`], { path: "/in", target }),
      await ask(gateway, ["POST", `${base}/${id}`], { target }),
    ];

    expect([target, ...replies.map(({ status }) => status)]).toEqual([target, 400, 400, 400]);
    for (const reply of replies) {
      expect(messageOf(reply)).toMatch(/target: (?:this address is not a public|port 9 is not)/i);
    }
  }
  const listed = listIn(await ask(gateway, ["GET", base]));
  expect(listed.map(({ path, target }) => [path, target])).toEqual([["/out", "https://1.1.1.1/"]]);
});

test("a name that leads inside is told together with all else that is wrong", async () => {
  await using gateway = await startGateway(`general_settings: { master_key: ${masterKey} }`);
  const fields = { path: "/key/list", target: `http://${hostname()}:4001/`, provider: "nobody" };

  const refused = messageOf(await ask(gateway, ["POST", base], fields));

  expect(refused).toMatch(/target: (?:its name leads to|this address)/);
  expect(refused).toContain("path: /key/list belongs to the admin API");
  expect(refused).toContain("provider: ");
});

test("the gateway's own address is told as such, by name too, whatever is allowed", async () => {
  const settings = `{ master_key: ${masterKey}, allow_private_targets: true }`;
  const args = ["--host", "0.0.0.0"];
  await using gateway = await startGateway(`general_settings: ${settings}`, { args });

  for (const host of ["127.0.0.1", "localhost", hostname()]) {
    const target = `http://${host}:${gateway.port}/`;
    const refused = messageOf(await ask(gateway, ["POST", base], { path: "/in", target }));

    expect([host, refused]).toEqual([
      host,
      expect.stringContaining("target: this is the gateway's own address"),
    ]);
  }
});
