import { afterAll, expect, test } from "bun:test";
import { join } from "node:path";
import { filesOf } from "../faults/sweep.ts";
import { sent } from "../gateway/wire.ts";
import { base, listIn, oneIn, startHouse } from "./endpoints-house.ts";

const house = await startHouse([], { env: { MARK: "value-of-a-variable-7c1d" } });
const { upstream, gateway } = house;

afterAll(() => house[Symbol.asyncDispose]());

const create = (fields: object) => house.ask(["POST", base], fields);
const update = (id: string, fields: object) => house.ask(["POST", `${base}/${id}`], fields);
const lastCall = () => upstream.requests.at(-1) ?? never();

test("secrets are masked wherever an endpoint is shown", async () => {
  const made = await create({
    path: "/masked",
    target: `${upstream.url}/t?api_key=in-the-target-1234`,
    headers: {
      api_token: "in-a-header-5678",
      "x-short": "short",
      accept: "text/plain",
      "x-n": 123_456_789_012,
    },
    default_query_params: { key: "in-a-default-9012", format: "json" },
  });

  const { id } = oneIn(made);
  const shown = [
    made,
    await house.ask(["GET", base]),
    await house.ask(["GET", `${base}?endpoint_id=${id}`]),
  ];
  expect(oneIn(made)).toMatchObject({
    target: `${upstream.url}/t?api_key=********1234`,
    headers: {
      api_token: "********5678",
      "x-short": "********",
      accept: "text/plain",
      "x-n": "********9012",
    },
    default_query_params: { key: "********9012", format: "json" },
  });
  for (const { text } of shown)
    expect(text).not.toMatch(/in-the-target|in-a-header|in-a-default|"short"/);
});

test("a masked value that is sent back leaves the secret as it was", async () => {
  const { id } = oneIn(
    await create({
      path: "/kept",
      target: `${upstream.url}/kept?api_key=target-secret-1111`,
      headers: { "x-one": "first-secret-2222", "x-two": "second-secret-3333" },
      default_query_params: { token: "default-secret-4444" },
    }),
  );
  const {
    target,
    headers,
    default_query_params: parameters,
  } = oneIn(await update(id, { timeout: 5 }));

  await update(id, {
    target,
    headers: { ...headers, "x-two": "another-secret-5555" },
    default_query_params: parameters,
  });
  await house.call("/kept");

  const request = lastCall();
  expect([sent(request, "x-one"), sent(request, "x-two")]).toEqual([
    ["first-secret-2222"],
    ["another-secret-5555"],
  ]);
  expect(request.target).toContain("api_key=target-secret-1111");
  expect(request.target).toContain("token=default-secret-4444");
});

test("a reference is literal text: nothing of the environment goes up or is shown", async () => {
  const made = await create({
    path: "/literal",
    target: upstream.url,
    headers: {
      accept: "os.environ/MARK",
      "x-home": "os.environ/HOME",
      "x-braced": "a os.environ/{MARK}b",
      "x-file": "cred/anything",
    },
    default_query_params: { mark: "os.environ/MARK" },
  });

  await house.call("/literal");

  const request = lastCall();
  expect([sent(request, "x-home"), sent(request, "x-braced"), sent(request, "x-file")]).toEqual([
    ["os.environ/HOME"],
    ["a os.environ/{MARK}b"],
    ["cred/anything"],
  ]);
  expect(decodeURIComponent(request.target)).toContain("mark=os.environ/MARK");
  for (const text of [made.text, request.raw().toString("latin1"), gateway.stderr()]) {
    expect(text).not.toContain("value-of-a-variable-7c1d");
  }
});

test("a secret of an endpoint stands in no reply, log line, audit entry or file", async () => {
  const canaries = [
    "canary-header-0d4f",
    "canary-query-77b1",
    "canary-default-19ce",
    "canary-renewed-5e02",
  ];
  const [header, query, parameter, renewed] = canaries;
  const replies: string[] = [];
  const keep = async (answer: ReturnType<typeof create>) => {
    const got = await answer;
    replies.push(got.text);
    return got;
  };
  const fields = {
    path: "/canary",
    target: `${upstream.url}/c?key=${query}`,
    headers: { authorization: `Bearer ${header}` },
    default_query_params: { token: parameter },
  };

  await keep(house.ask(["POST", `${base}?dry_run=true`], fields));
  const { id } = oneIn(await keep(create(fields)));
  await house.call("/canary");
  await keep(create(fields));
  await keep(create({ ...fields, path: "no-slash", timeout: header }));
  await keep(update(id, { headers: { authorization: `Bearer ${renewed}` } }));
  await house.call("/canary");
  await keep(house.ask(["GET", base]));
  await keep(house.ask(["GET", "/routes"]));
  await keep(house.ask(["DELETE", `${base}?endpoint_id=${id}`]));
  await keep(house.ask(["GET", `/audit?subject=${id}`]));

  expect(sent(upstream.requests.at(-1) ?? never(), "authorization")).toEqual([`Bearer ${renewed}`]);
  const places = [
    ...replies.map((text, index) => ({ name: `reply ${index}`, text })),
    { name: "the log", text: gateway.stderr() + gateway.stdout() },
    ...filesOf(join(gateway.dir, "data")),
  ];
  const found = places.flatMap(({ name, text }) =>
    canaries.filter((canary) => text.includes(canary)).map((canary) => `${canary} in ${name}`),
  );
  expect(found).toEqual([]);
});

test("every change is in the audit log, with who and what", async () => {
  const { id } = oneIn(
    await create({
      path: "/audited",
      target: upstream.url,
      headers: { "x-k": "audit-secret-1234" },
    }),
  );
  await update(id, { cost_per_request: 0.5 });
  await house.ask(["DELETE", `${base}?endpoint_id=${id}`]);

  const { body, text } = await house.ask(["GET", `/audit?subject=${id}`]);

  const { audit_logs: entries }: { audit_logs: { action: string; actor: string }[] } = Object(body);
  expect(entries.length).toBe(3);
  expect(new Set(entries.map(({ actor }) => actor))).toEqual(new Set(["master key"]));
  expect(text).toContain("/audited");
  expect(text).not.toContain("audit-secret");
  expect(listIn(await house.ask(["GET", `${base}?endpoint_id=${id}`]))).toEqual([]);
});

function never(): never {
  throw new Error("nothing went up");
}
