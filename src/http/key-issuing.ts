import type { Static } from "@sinclair/typebox";
import { Elysia } from "elysia";
import type { IssuedKey } from "../core/key-book.ts";
import { type AdminDeps, adminAuth } from "./admin-auth.ts";
import { refuse } from "./field-faults.ts";
import { keyChanges } from "./key-changes.ts";
import { GenerateKey, RegenerateKey, RegenerateKeyByBody } from "./key-fields.ts";
import { keyOf } from "./key-lookup.ts";
import { IssuedShape, issuedShape } from "./key-shape.ts";
import { adminRoute } from "./operation.ts";
import { notForPayers } from "./payer-fields.ts";
import { readFields, readOptionalFields } from "./read-request.ts";

/** `POST /key/generate` and `regenerate`: the routes that reply with a key, and show it this once. */
export const keyIssuing = (deps: AdminDeps) => {
  const { book, standings } = deps;

  const issued = (key: IssuedKey) =>
    Response.json(issuedShape(key, { standings, now: Date.now() }), {
      headers: { "cache-control": "no-store" },
    });

  /** A virtual key that is the master key too would have its own limits in vain. */
  const own = (field: string, key: string | null | undefined) => {
    if (typeof key === "string" && deps.masterKey()?.matches(key) === true) {
      throw refuse([`${field}: this is the master key.`]);
    }
    return key ?? null;
  };

  const regenerate = (reference: string, fields: Static<typeof RegenerateKey>, actor: string) => {
    const current = keyOf(book, reference);
    const changes = keyChanges(fields, current, Date.now());
    return issued(book.regenerate(current.id, changes, own("new_key", fields.new_key), actor));
  };

  return new Elysia({ name: "key-issuing" })
    .use(adminAuth(deps))
    .post(
      "/key/generate",
      async ({ request, actor }) => {
        const fields = await readFields(request, GenerateKey, notForPayers);
        const changes = keyChanges(fields, null, Date.now());
        return issued(book.create(changes, own("key", fields.key), actor));
      },
      adminRoute(generated),
    )
    .post(
      "/key/regenerate",
      async ({ request, actor }) => {
        const fields = await readFields(request, RegenerateKeyByBody, notForPayers);
        return regenerate(fields.key, fields, actor);
      },
      adminRoute({ ...regenerated, body: RegenerateKeyByBody }),
    )
    .post(
      "/key/:key/regenerate",
      async ({ request, params, actor }) => {
        const fields = await readOptionalFields(request, RegenerateKey, notForPayers);
        return regenerate(params.key, fields, actor);
      },
      adminRoute({ ...regenerated, body: RegenerateKey, bodyOptional: true }),
    );
};

const generated = {
  tag: "keys",
  summary: "Make a virtual key",
  description: "The reply holds the key itself. It is kept nowhere, so it cannot be shown again.",
  body: GenerateKey,
  reply: IssuedShape,
};

const regenerated = {
  tag: "keys",
  summary: "Make a key anew",
  description:
    "A new key under the same id, with its limits, its spend and whatever the body changes. The old key is revoked at once.",
  reply: IssuedShape,
};
