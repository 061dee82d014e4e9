import { afterAll, expect, test } from "bun:test";
import { namesOf, sent } from "../gateway/wire.ts";
import { base, listIn, messageOf, oneIn, startHouse } from "./endpoints-house.ts";

const house = await startHouse();
const { upstream } = house;

afterAll(() => house[Symbol.asyncDispose]());

const create = (fields: object, query = "") => house.ask(["POST", base + query], fields);
const update = (id: string, fields: object, headers: Record<string, string> = {}) =>
  house.ask(["POST", `${base}/${id}`], fields, { headers });
const read = (id: string) => house.ask(["GET", `${base}?endpoint_id=${id}`]);
const remove = (id: string) => house.ask(["DELETE", `${base}?endpoint_id=${id}`]);

test("an endpoint is made, read, changed and removed in LiteLLM's shapes", async () => {
  const made = await create({ path: "/crud", target: `${upstream.url}/up` });

  expect(made.status).toBe(200);
  const { id } = oneIn(made);
  expect(oneIn(made)).toEqual({
    id: expect.stringMatching(/./),
    path: "/crud",
    target: `${upstream.url}/up`,
    headers: {},
    default_query_params: {},
    include_subpath: false,
    cost_per_request: null,
    timeout: null,
    auth: true,
    guardrails: null,
    methods: null,
    is_from_config: false,
    enabled: true,
    version: 1,
    created_at: expect.stringMatching(/^\d{4}-.*Z$/),
    created_by: "master key",
    updated_at: expect.stringMatching(/^\d{4}-.*Z$/),
    updated_by: "master key",
  });
  expect(listIn(await house.ask(["GET", base])).map((one) => one.id)).toContain(id);

  const changed = await update(id, { cost_per_request: 0.04, timeout: 30 });
  expect(oneIn(changed)).toMatchObject({ path: "/crud", cost_per_request: 0.04, version: 2 });
  expect((await read(id)).etag).toBe('"2"');

  const removed = await remove(id);
  expect([removed.status, oneIn(removed).id]).toEqual([200, id]);
  expect(listIn(await read(id))).toEqual([]);
  expect((await remove(id)).status).toBe(404);
});

test("an endpoint is served at once, at its path and below it, and gone at once", async () => {
  expect(await house.call("/live")).toBe(404);
  const made = await create({
    path: "/live",
    target: `${upstream.url}/base`,
    include_subpath: true,
  });

  const statuses = [await house.call("/live"), await house.call("/live/v1/images?x=1")];
  const targets = upstream.requests.slice(-2).map(({ target }) => target);

  expect(statuses).toEqual([200, 200]);
  expect(targets).toEqual(["/base", "/base/v1/images?x=1"]);
  await update(oneIn(made).id, { include_subpath: false });
  expect([await house.call("/live"), await house.call("/live/v1")]).toEqual([200, 404]);
  await remove(oneIn(made).id);
  expect(await house.call("/live")).toBe(404);
});

test("an endpoint of the API needs a key unless it is said otherwise", async () => {
  const { id } = oneIn(await create({ path: "/keyed", target: upstream.url }));
  expect(await house.call("/keyed", { headers: {} })).toBe(401);

  await update(id, { auth: false });
  expect(await house.call("/keyed", { headers: {} })).toBe(200);

  expect(oneIn(await update(id, { auth: null }))).toMatchObject({ auth: true });
  expect(await house.call("/keyed", { headers: {} })).toBe(401);
});

test("what is left out of an update stays, and null gives a member its default again", async () => {
  const { id } = oneIn(
    await create({
      path: "/partial",
      target: upstream.url,
      headers: { accept: "text/plain" },
      cost_per_request: 1,
      timeout: 5,
      methods: ["post"],
      rpm_limit: 10,
    }),
  );

  const changed = oneIn(
    await update(id, { cost_per_request: null, timeout: null, methods: [], rpm_limit: null }),
  );

  expect(changed).toMatchObject({
    headers: { accept: "text/plain" },
    cost_per_request: null,
    timeout: null,
    methods: null,
  });
  expect(Object.keys(changed)).not.toContain("rpm_limit");
  expect(messageOf(await update(id, { target: null }))).toContain(
    "target: an endpoint has to have",
  );
});

test("the whole object can be sent back, with the one member that is to change", async () => {
  const { id } = oneIn(
    await create({
      path: "/whole",
      target: upstream.url,
      headers: { "x-key": "kept-secret-1234" },
    }),
  );
  const shown = oneIn(await read(id));

  const changed = oneIn(await update(id, { ...shown, cost_per_request: 0.5 }));
  await house.call("/whole");

  expect(changed).toMatchObject({
    ...shown,
    cost_per_request: 0.5,
    version: 2,
    updated_at: expect.anything(),
  });
  expect(sent(upstream.requests.at(-1) ?? never(), "x-key")).toEqual(["kept-secret-1234"]);
  expect((await update(id, { ...shown, cost_per_request: 1 })).status).toBe(409);
});

test("a chosen id is kept, and nobody else can have it", async () => {
  const made = await create({ id: "chosen.id-1", path: "/chosen", target: upstream.url });

  expect(oneIn(made).id).toBe("chosen.id-1");
  const again = await create({ id: "chosen.id-1", path: "/chosen-too", target: upstream.url });
  expect([again.status, messageOf(again)]).toEqual([400, expect.stringContaining("has this id")]);
  expect(messageOf(await create({ id: "a/b", path: "/c", target: upstream.url }))).toContain(
    "An id has",
  );
  expect(messageOf(await update("chosen.id-1", { id: "other" }))).toContain("keeps its id");
  expect((await update("nobody", { timeout: 1 })).status).toBe(404);
});

test("header values may be texts, numbers and booleans, and names go up as written", async () => {
  await create({
    path: "/values",
    target: upstream.url,
    headers: { api_token: "a", "X-Number": 5, "x-flag": true, "x-null": null },
  });

  await house.call("/values");

  const request = upstream.requests.at(-1) ?? never();
  expect(namesOf(request)).toContain("api_token");
  expect(namesOf(request)).not.toContain("x-null");
  expect([sent(request, "x-number"), sent(request, "x-flag")]).toEqual([["5"], ["true"]]);
});

test("what a version does not match is not changed and not removed", async () => {
  const { id } = oneIn(await create({ path: "/versions", target: upstream.url }));
  await update(id, { timeout: 1 });

  const stale = [
    await update(id, { timeout: 2, version: 1 }),
    await update(id, { timeout: 2 }, { "if-match": '"1"' }),
    await house.ask(["DELETE", `${base}?endpoint_id=${id}&version=1`]),
    await house.ask(["POST", `${base}/${id}?dry_run=true`], { timeout: 2, version: 1 }),
  ];

  expect(stale.map(({ status }) => status)).toEqual([409, 409, 409, 409]);
  expect(stale[0]?.text).toContain("version_conflict");
  expect(oneIn(await read(id))).toMatchObject({ timeout: 1, version: 2 });
  expect(oneIn(await update(id, { timeout: 3 }, { "if-match": '"2"' }))).toMatchObject({
    version: 3,
  });
  expect((await update(id, { version: 3, timeout: 4 }, { "if-match": '"2"' })).status).toBe(400);
  expect((await update(id, { timeout: 4 }, { "if-match": '"abc"' })).status).toBe(400);
  expect((await update(id, { timeout: 4, version: "3" })).status).toBe(400);
});

test("a dry run says what would be, or what is wrong, and keeps nothing", async () => {
  const before = listIn(await house.ask(["GET", base]));
  const fields = {
    path: "/tried",
    target: upstream.url,
    headers: { "x-key": "tried-secret-9876" },
  };

  const tried = await create(fields, "?dry_run=true");

  expect(tried.status).toBe(200);
  expect(tried.body).toMatchObject({
    dry_run: true,
    endpoints: [{ id: null, path: "/tried", auth: true, headers: { "x-key": "********9876" } }],
  });
  expect((await create({ path: "/tried", target: "ftp://x" }, "?dry_run=true")).status).toBe(400);
  expect(listIn(await house.ask(["GET", base]))).toEqual(before);
  expect(await house.call("/tried")).toBe(404);

  const { id } = oneIn(await create(fields));
  const change = await house.ask(["POST", `${base}/${id}?dry_run=True`], { timeout: 9 });
  expect(change.body).toMatchObject({ dry_run: true, endpoints: [{ id, timeout: 9 }] });
  expect(oneIn(await read(id))).toMatchObject({ timeout: null, version: 1 });
});

function never(): never {
  throw new Error("nothing went up");
}
