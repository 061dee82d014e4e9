import { afterAll, expect, test } from "bun:test";
import { base, listIn, oneIn, startHouse, virtualKey } from "./endpoints-house.ts";

const house = await startHouse();
const { upstream } = house;

afterAll(() => house[Symbol.asyncDispose]());

const create = (fields: object) => house.ask(["POST", base], fields);
const read = (id: string) => house.ask(["GET", `${base}?endpoint_id=${id}`]);

test("a team sees the endpoints that its list names", async () => {
  await create({ path: "/team-a", target: upstream.url });
  await create({ path: "/team-b", target: upstream.url });
  const team = (fields: object) => house.ask(["POST", "/team/new"], fields);
  await team({ team_id: "listed", allowed_passthrough_routes: ["/team-a/*"] });
  await team({ team_id: "free" });
  const all = listIn(await house.ask(["GET", base]));

  const listed = await house.ask(["GET", `${base}/team/listed`]);
  const byQuery = await house.ask(["GET", `${base}?team_id=listed`]);
  const free = await house.ask(["GET", `${base}/team/free`]);

  expect(listIn(listed).map(({ path }) => path)).toEqual(["/team-a"]);
  expect(listIn(byQuery)).toEqual(listIn(listed));
  expect(listIn(free)).toEqual(all);
  expect((await house.ask(["GET", `${base}/team/nobody`])).status).toBe(404);
});

test("only admins may look at endpoints, and change them", async () => {
  const plain = await virtualKey(house, {});
  const adminKey = await virtualKey(house, { user_role: "proxy_admin" });
  const { id } = oneIn(await create({ path: "/guarded", target: upstream.url }));
  const questions = [
    ["GET", base, null],
    ["GET", `${base}/schema`, null],
    ["GET", `${base}/team/listed`, null],
    ["POST", base, { path: "/mine", target: upstream.url }],
    ["POST", `${base}/${id}`, { auth: false }],
    ["DELETE", `${base}?endpoint_id=${id}`, null],
  ] as const;

  const statuses = (key: string) =>
    Promise.all(
      questions.map(async ([method, path, body]) => {
        return (await house.ask([method, path], body, { key })).status;
      }),
    );

  expect(await statuses(plain)).toEqual(questions.map(() => 403));
  expect((await house.ask(["GET", base], null, { key: "sk-nobodys-key-0000" })).status).toBe(401);
  expect(oneIn(await read(id))).toMatchObject({ auth: true, version: 1 });
  const made = await house.ask(
    ["POST", base],
    { path: "/mine", target: upstream.url },
    { key: adminKey },
  );
  expect(made.status).toBe(200);
});

test("the schema tells of every key in words, and of none that only a file may have", async () => {
  const { body } = await house.ask(["GET", `${base}/schema`]);

  const {
    fields,
    providers,
  }: { fields: { name: string; description: string }[]; providers: string[] } = Object(body);
  const names = fields.map(({ name }) => name);
  expect(names.slice(0, 2)).toEqual(["path", "target"]);
  expect(fields.filter(({ description }) => description === "")).toEqual([]);
  for (const name of ["id", "enabled_if", "proxy", "guardrails", "credentials"]) {
    expect(names).not.toContain(name);
  }
  expect(fields).toContainEqual(
    expect.objectContaining({
      name: "log",
      type: "choice",
      choices: ["off", "metadata", "bodies"],
    }),
  );
  expect(fields).toContainEqual(
    expect.objectContaining({ name: "cost_per_request", type: "number", minimum: 0 }),
  );
  expect(fields).toContainEqual(
    expect.objectContaining({ name: "auth", type: "boolean", default: true }),
  );
  expect(fields).toContainEqual(
    expect.objectContaining({
      name: "tls",
      fields: [
        expect.objectContaining({ name: "server_name", type: "text" }),
        expect.objectContaining({ name: "verify", type: "boolean", default: true }),
      ],
    }),
  );
  expect(providers).toContain("openai");
  expect(JSON.stringify(fields)).not.toContain("PEM file");
});

test("the list of what is served tells who made it and where", async () => {
  const { id } = oneIn(
    await create({
      path: "/told",
      target: `${upstream.url}/x?key=told-secret`,
      log: "bodies",
      cost_per_request: 0.25,
    }),
  );

  const { body, text } = await house.ask(["GET", "/routes"]);

  const { routes }: { routes: object[] } = Object(body);
  expect(routes).toContainEqual(
    expect.objectContaining({
      id,
      path: "/told",
      target: `${upstream.url}/x`,
      owner: "api",
      who_may_call: "key",
      log: "bodies",
      cost_per_request: 0.25,
      methods: null,
      include_subpath: false,
    }),
  );
  expect(text).not.toContain("told-secret");
});
