import { expect, test } from "bun:test";
import { ask, masterKey, messageOf, startAdminApp } from "./admin-app.ts";

/** A field, a value it does not take, and what the message says of it. */
const wrong: readonly (readonly [field: string, value: unknown, says: string])[] = [
  ["key_alias", 5, "a text"],
  ["key_alias", "", "a text"],
  ["duration", "soon", "a length of time"],
  ["duration", "0d", "a length of time"],
  ["duration", "99999d", "ten years"],
  ["models", "gpt-4", "a list of model names"],
  ["models", ["all-team-models"], "without"],
  ["max_budget", -1, "an amount of USD"],
  ["max_budget", "10", "an amount of USD"],
  ["max_budget", 1e12, "9 million"],
  ["soft_budget", [], "an amount of USD"],
  ["budget_duration", "1y", "a length of time"],
  ["rpm_limit", 0, "at least 1"],
  ["rpm_limit", 1.5, "a whole number"],
  ["tpm_limit", "5", "a whole number"],
  ["max_parallel_requests", -3, "at least 1"],
  ["model_rpm_limit", { a: 0 }, "model names"],
  ["model_tpm_limit", [1], "model names"],
  ["model_max_budget", { a: { limit: 1 } }, "budgets"],
  ["model_max_budget", { a: { budget_limit: 1, time_period: "never" } }, "budgets"],
  ["model_max_budget", { a: {} }, "budgets"],
  ["allowed_routes", ["v1/chat"], "beginning with /"],
  ["allowed_passthrough_routes", ["cohere"], "beginning with /"],
  ["metadata", "text", "a JSON object"],
  ["metadata", [1], "a JSON object"],
  ["tags", [1], "a list of texts"],
  ["team_id", 7, "a text"],
  ["user_id", {}, "a text"],
  ["user_role", "internal_user", "proxy_admin"],
  ["blocked", "yes", "true or false"],
  ["key", "sk-short", "sk- and 13 to 253"],
  ["key", "sk-with/a/slash/in/the/key", "sk- and 13 to 253"],
  ["guardrails", ["pii"], "no guardrails yet"],
  ["permissions", { get_spend_routes: true }, "LiteLLM's"],
  ["budget_id", "b-1", "LiteLLM's"],
];

test.each(wrong)("%s may not be %p", async (field, value, says) => {
  using app = startAdminApp();

  const reply = await app.post("/key/generate", { [field]: value });

  expect(reply.status).toBe(400);
  expect(messageOf(reply)).toContain(`${field}: `);
  expect(messageOf(reply)).toContain(says);
  expect(app.book.audit.list({}, { page: 1, size: 1 }).total).toBe(0);
});

test("all faults are told at once, unknown fields with a suggestion, and no value", async () => {
  using app = startAdminApp();

  const reply = await app.post("/key/generate", {
    max_budgt: 10,
    rpm_limit: "sk-value-in-the-wrong-place",
    colour: "red",
    duration: "x",
    "sk-a-key-in-the-place-of-a-name": 1,
  });

  const message = messageOf(reply);
  expect(reply.status).toBe(400);
  expect(message).toContain("max_budgt: there is no such field. Did you mean max_budget?");
  expect(message).toContain("colour: there is no such field.");
  expect(message).toContain("rpm_limit: a whole number");
  expect(message).toContain("duration: a length of time");
  expect(message).toContain("A field: there is no such field.");
  expect(reply.text).not.toMatch(/sk-(?:value|a-key)/);
});

test("what fits with nothing that is there is refused", async () => {
  using app = startAdminApp();
  const { record } = app.book.create({}, null, "test");

  const replies = [
    await app.post("/key/generate", { budget_duration: "30d" }),
    await app.post("/key/generate", { max_budget: 1, soft_budget: 2 }),
    await app.post("/key/update", { key: record.id, budget_duration: "30d" }),
    await app.post("/key/generate", { team_id: "not-there" }),
  ];

  expect(replies.map(({ status }) => status)).toEqual([400, 400, 400, 400]);
  expect(messageOf(replies[0] ?? never())).toContain("budget_duration: without a max_budget");
  expect(messageOf(replies[1] ?? never())).toContain("soft_budget: more than max_budget");
});

test("fields of LiteLLM's that ask for nothing are passed over", async () => {
  using app = startAdminApp();

  const reply = await app.post("/key/generate", {
    aliases: {},
    permissions: {},
    guardrails: [],
    organization_id: null,
    budget_id: "",
    send_invite_email: false,
  });

  expect(reply.status).toBe(200);
});

/** A body as it is sent, its type, and what the message says. */
const bodies: readonly (readonly [body: string, type: string | null, says: string])[] = [
  ["", "application/json", "The body is empty"],
  ["  ", "application/json", "The body is empty"],
  ["{", "application/json", "not JSON"],
  ["[]", "application/json", "a JSON object"],
  ["null", "application/json", "a JSON object"],
  ['"sk-key-as-a-body-12345"', "application/json", "a JSON object"],
  ["{}", "text/plain", "application/json"],
  ["{}", null, "application/json"],
  ["rpm_limit=5", "application/x-www-form-urlencoded", "application/json"],
];

test.each(bodies)("the body %p of type %p is refused", async (body, type, says) => {
  using app = startAdminApp();
  const headers = new Headers({ host: "localhost", authorization: `Bearer ${masterKey}` });
  if (type !== null) headers.set("content-type", type);
  const bytes = new TextEncoder().encode(body);

  const reply = await app.send(
    new Request("http://localhost/key/generate", { method: "POST", headers, body: bytes }),
  );

  expect(reply.status).toBe(400);
  expect(messageOf(reply)).toContain(says);
  expect(reply.text).not.toContain("sk-key");
});

test("a body that is too large is refused before it is whole", async () => {
  using app = startAdminApp();
  let pulled = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      pulled += 1;
      controller.enqueue(new Uint8Array(64 * 1024).fill(0x20));
      if (pulled > 1_000) controller.close();
    },
  });
  const { headers } = ask("POST", "/key/generate", {}, masterKey);

  const reply = await app.send(
    new Request("http://localhost/key/generate", { method: "POST", headers, body }),
  );

  expect(reply.status).toBe(413);
  expect(pulled).toBeLessThan(30);
});

test("parameters of a query are checked like fields", async () => {
  using app = startAdminApp();
  const asked = async (query: string) => messageOf(await app.get(`/key/list?${query}`));

  expect(await asked("page=0")).toContain("page: a whole number from 1 on");
  expect(await asked("size=1000")).toContain("size: a whole number from 1 to 100");
  expect(await asked("team_ids=x")).toContain("Did you mean team_id?");
  expect(await asked("page=1&page=2")).toContain("page: given twice");
  expect(await asked("sort_by=spend")).toContain("sort_by: created_at");
  expect(await asked("return_full_object=maybe")).toContain("return_full_object: true or false");
  expect(await asked("status=deleted")).toContain("status: ");
  expect(await asked("include_team_keys=true")).toContain("include_team_keys: ");
  expect(await asked("include_team_keys=false")).toBe("");
});

test("names that objects have of their own pollute nothing", async () => {
  using app = startAdminApp();
  const text = '{"__proto__":{"polluted":1},"metadata":{"__proto__":{"polluted":1}}}';

  const refused = await app.post("/key/generate", text);
  const kept = await app.post("/key/generate", '{"metadata":{"__proto__":{"polluted":1}}}');
  const constructed = await app.post("/key/generate", '{"constructor":{"prototype":{"a":1}}}');

  expect([refused.status, kept.status, constructed.status]).toEqual([400, 200, 400]);
  expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
  expect(kept.text).toContain('"metadata":{"__proto__":{"polluted":1}}');
});

function never(): never {
  throw new Error("no such reply");
}
