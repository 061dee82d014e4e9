import { type Gateway, startGateway } from "../helpers/gateway.ts";
import { pageKey } from "./browser.ts";

const yaml = `general_settings:
  master_key: ${pageKey}
  alerting: []
  pass_through_endpoints:
    - { id: chat, path: /chat, target: "tollgate://sample", include_subpath: true, auth: true, log: bodies, provider: openai }
    - { id: anthropic, path: /anthropic, target: "tollgate://sample", include_subpath: true, auth: true, log: bodies, provider: anthropic, headers: { x-api-key: os.environ/UPSTREAM_KEY } }
    - { id: images, path: /images, target: "tollgate://sample", include_subpath: true, auth: true, cost_per_request: 0.04 }
    - { id: later, path: /later, target: "tollgate://sample", auth: true, enabled_if: LATER_KEY }
`;

/** A gateway whose every page has something to show. */
export interface FullGateway {
  readonly gateway: Gateway;
  /** Of a route that was made by API. */
  readonly routeId: string;
  readonly keyId: string;
  readonly teamId: string;
  /** Logged with its bodies: a reply, a stream, and a failure. */
  readonly calls: { readonly plain: string; readonly stream: string; readonly failed: string };
}

/** Starts it and fills it: routes of both owners, teams, keys, budgets, some sixty calls. */
export async function startFullGateway(): Promise<FullGateway> {
  const gateway = await startGateway(yaml, { env: { UPSTREAM_KEY: "sk-upstream-secret-4242" } });
  const ask = asker(gateway.url);
  const made = await ask("/config/pass_through_endpoint", {
    path: "/bria",
    target: "tollgate://sample",
    include_subpath: true,
    headers: { api_token: "bria-secret-token-9876", "x-team": "design" },
    cost_per_request: 0.02,
    log: "bodies",
  });
  await ask("/team/new", { team_id: "design", team_alias: "Design", max_budget: 1 });
  await ask("/team/new", { team_id: "empty", team_alias: "Data science and experiments" });
  const near = { team_id: "design", key_alias: "design-app", max_budget: 0.3, rpm_limit: 600 };
  const app = await ask("/key/generate", near);
  const web = await ask("/key/generate", {
    key_alias: "web",
    max_budget: 50,
    budget_duration: "30d",
  });
  await ask("/key/generate", { key_alias: "old-laptop", duration: "1h", blocked: true });
  const calls = await makeCalls(gateway.url, String(app.key), String(web.key));
  return {
    gateway,
    routeId: String(Object(made.endpoints?.[0] ?? made).id),
    keyId: String(app.token ?? app.token_id),
    teamId: "design",
    calls,
  };
}

/** Asks the admin API. */
export function asker(url: string) {
  return async (path: string, body?: unknown) => {
    const headers = { authorization: `Bearer ${pageKey}`, "content-type": "application/json" };
    const sent = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
    const reply = await fetch(url + path, { headers, ...sent });
    if (!reply.ok) throw new Error(`${path}: ${reply.status} ${await reply.text()}`);
    return Object(await reply.json());
  };
}

async function makeCalls(url: string, app: string, web: string) {
  const send = async (path: string, key: string, body: unknown) => {
    const reply = await fetch(url + path, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    await reply.arrayBuffer();
    return reply.headers.get("x-litellm-call-id") ?? "";
  };
  const chat = "/chat/v1/chat/completions";
  const messages = [
    { role: "system", content: "Answer in one sentence." },
    { role: "user", content: "Which colours go well with a dark green?" },
  ];
  for (let at = 0; at < 12; at += 1) {
    const key = at % 3 === 0 ? web : app;
    await Promise.all([
      send(chat, key, { model: at % 2 === 0 ? "gpt-4o" : "gpt-4o-mini", messages }),
      send("/anthropic/v1/messages", key, { model: "claude-sonnet-4-5", max_tokens: 64, messages }),
      send("/images/v1/generate", web, { prompt: "a green chair" }),
      at < 5 ? send("/bria/v1/text-to-image", app, { prompt: "a chair" }) : null,
      at % 4 === 0 ? send(chat, app, { model: "a-model-nobody-knows", messages }) : null,
    ]);
  }
  await send("/images/status/503", web, {});
  await send("/images/status/429", web, {});
  await send(chat, "sk-nobody-knows-this-key", {});
  const plain = await send(chat, app, { model: "gpt-4o", messages });
  const stream = await send(chat, app, { model: "gpt-4o", stream: true, messages });
  const failed = await send("/bria/status/500", app, { prompt: "fails" });
  return { plain, stream, failed };
}
