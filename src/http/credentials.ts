import { Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import type { Credential } from "../config/credential-names.ts";
import { type AdminDeps, adminAuth } from "./admin-auth.ts";
import { adminRoute } from "./operation.ts";

/** `GET /health/credentials`: what the endpoints of the config need, and whether it is there. */
export const credentials = (deps: AdminDeps, all: () => readonly Credential[]) =>
  new Elysia({ name: "credentials" })
    .use(adminAuth(deps))
    .get("/health/credentials", () => Response.json({ credentials: all().map(shown) }), told);

function shown({ name, kind, present, endpoints }: Credential) {
  return { name, kind, present, endpoints };
}

const told = adminRoute({
  tag: "health",
  summary: "Credentials by name: present or missing",
  description:
    "Every environment variable and credential file that an endpoint of the configuration refers to or waits for (enabled_if), with the endpoints' paths. Never a value.",
  reply: Type.Object({
    credentials: Type.Array(
      Type.Object({
        name: Type.String(),
        kind: Type.String({ description: "variable, or file (of $CREDENTIALS_DIRECTORY)" }),
        present: Type.Boolean({ description: "It is there, and not empty." }),
        endpoints: Type.Array(Type.String()),
      }),
    ),
  }),
});
