import { Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import { type AdminDeps, adminAuth } from "./admin-auth.ts";
import { refuse } from "./field-faults.ts";
import { keyChanges } from "./key-changes.ts";
import { DeleteKeys, OneKey, UpdateKey } from "./key-fields.ts";
import { idsOf, keyOf } from "./key-lookup.ts";
import { ChangedShape, changedShape } from "./key-shape.ts";
import { adminRoute } from "./operation.ts";
import { notForPayers } from "./payer-fields.ts";
import { readFields } from "./read-request.ts";

/** `POST /key/update`, `delete`, `block`, `unblock`. */
export const keys = (deps: AdminDeps) => {
  const { book, standings } = deps;
  const showing = () => ({ standings, now: Date.now() });

  const block = async (request: Request, blocked: boolean, actor: string) => {
    const { key } = await readFields(request, OneKey);
    const record = book.change(keyOf(book, key).id, { blocked }, actor);
    return Response.json(changedShape(record, showing()));
  };

  return new Elysia({ name: "keys" })
    .use(adminAuth(deps))
    .post(
      "/key/update",
      async ({ request, actor }) => {
        const fields = await readFields(request, UpdateKey, notForPayers);
        const current = keyOf(book, fields.key);
        const changes = keyChanges(fields, current, Date.now());
        return Response.json(changedShape(book.change(current.id, changes, actor), showing()));
      },
      adminRoute(updated),
    )
    .post(
      "/key/delete",
      async ({ request, actor }) => {
        const { keys: references, key_aliases: aliases } = await readFields(request, DeleteKeys);
        const ids = idsOf(book, references ?? [], aliases ?? []);
        if (ids.length === 0) throw refuse(["keys or key_aliases have to name a key."]);
        book.revoke(ids, actor);
        return Response.json({ deleted_keys: ids });
      },
      adminRoute(deleted),
    )
    .post("/key/block", ({ request, actor }) => block(request, true, actor), adminRoute(blocked))
    .post(
      "/key/unblock",
      ({ request, actor }) => block(request, false, actor),
      adminRoute(unblocked),
    );
};

const updated = {
  tag: "keys",
  summary: "Change a key",
  description: "What is left out stays as it is; null clears it.",
  body: UpdateKey,
  reply: ChangedShape,
};

const deleted = {
  tag: "keys",
  summary: "Revoke keys",
  description: "All of them or, where one is not there, none. The reply lists their ids.",
  body: DeleteKeys,
  reply: Type.Object({ deleted_keys: Type.Array(Type.String()) }),
};

const blocked = { tag: "keys", summary: "Refuse a key", body: OneKey, reply: ChangedShape };

const unblocked = { tag: "keys", summary: "Let a key in again", body: OneKey, reply: ChangedShape };
