import { type Static, Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import { type AdminDeps, adminAuth } from "./admin-auth.ts";
import { adminRoute } from "./operation.ts";
import { tellingStore } from "./telling-store.ts";

const Rotated = Type.Object({
  resealed: Type.Integer({ description: "Secrets that were sealed under another line." }),
  kid: Type.String({ description: "Names the line under which all are sealed now." }),
  lines: Type.Integer({ description: "How many lines the salt key has now." }),
});

/** `POST /config/rotate_key`: every secret of an endpoint is sealed under a new key, while calls go on. */
export const rotateKey = (admin: AdminDeps, rotate: (actor: string) => Static<typeof Rotated>) =>
  new Elysia({ name: "rotate-key" })
    .use(adminAuth(admin))
    .post(
      "/config/rotate_key",
      ({ actor }) => Response.json(tellingStore(() => rotate(actor))),
      adminRoute(rotated),
    );

const rotated = {
  tag: "operations",
  summary: "Seal secrets under a new key",
  description:
    "The salt key in the data directory gets another line. One that comes from elsewhere needs it before: all is sealed under its last line.",
  reply: Rotated,
};
