import { Elysia } from "elysia";
import { type AdminDeps, adminAuth } from "./admin-auth.ts";
import { adminRoute } from "./operation.ts";

/** What Prometheus scrapes: the text, and its type. */
export type MetricsText = () => Promise<{ readonly text: string; readonly type: string }>;

/** `GET /metrics`, for admins: labels name keys and teams. */
export const metrics = (admin: AdminDeps, scrape: MetricsText) =>
  new Elysia({ name: "metrics" })
    .use(adminAuth(admin))
    .get("/metrics", () => metricsReply(scrape), adminRoute(described));

/** As `/metrics` answers, here and on its own listener. */
export async function metricsReply(scrape: MetricsText): Promise<Response> {
  const { text, type } = await scrape();
  return new Response(text, { headers: { "content-type": type } });
}

const described = {
  tag: "operations",
  summary: "Prometheus metrics",
  description:
    "Text format 0.0.4. LiteLLM's names where they exist. metrics_listen serves the same on a listener of its own, without a key.",
};
