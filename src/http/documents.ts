import { Elysia } from "elysia";
import { type AdminDeps, adminAuth } from "./admin-auth.ts";
import { docsHeaders, docsPage } from "./docs-page.ts";
import { type OpenApi, openApi, type ServedRoute } from "./openapi.ts";
import { operation } from "./operation.ts";

/** `GET /openapi.json` and `GET /docs/api`: without a key, since they hold nothing of this gateway's own. */
export const documents = (deps: AdminDeps, served: () => readonly ServedRoute[]) => {
  let made: OpenApi | null = null;
  const document = () => (made ??= openApi(served()));

  return new Elysia({ name: "documents" })
    .use(adminAuth(deps))
    .get("/openapi.json", () => Response.json(document()), {
      openToAll: true,
      detail: operation({
        tag: "operations",
        summary: "This API for programs",
        description: "OpenAPI 3.1.",
        access: "none",
      }),
    })
    .get(
      "/docs/api",
      () => new Response(docsPage(document(), "../openapi.json"), { headers: docsHeaders }),
      {
        openToAll: true,
        detail: operation({ tag: "operations", summary: "This API to read", access: "none" }),
      },
    );
};
