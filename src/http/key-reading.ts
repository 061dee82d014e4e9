import { type Static, Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import { GatewayError } from "../core/errors.ts";
import type { KeyBook, KeyFilter, ListOrder } from "../core/key-book.ts";
import type { KeyRecord } from "../core/key-record.ts";
import { type AdminCaller, type AdminDeps, adminAuth } from "./admin-auth.ts";
import { type NotHere, refuse } from "./field-faults.ts";
import { keyOf } from "./key-lookup.ts";
import { KeyShape, keyShape } from "./key-shape.ts";
import { adminRoute, operation } from "./operation.ts";
import { pageField, pagesOf, sizeField } from "./paging.ts";
import { readQuery } from "./read-request.ts";

/** `GET /key/info` and `GET /key/list`. */
export const keyReading = (deps: AdminDeps) => {
  const { book, standings } = deps;
  const showing = () => ({ standings, now: Date.now() });

  return new Elysia({ name: "key-reading" })
    .use(adminAuth(deps))
    .get(
      "/key/info",
      ({ request, caller }) => {
        const record = keyShownTo(caller, book, readQuery(request, InfoQuery).key ?? null);
        return Response.json({ key: record.id, info: keyShape(record, showing()) });
      },
      { anyKey: true, detail: operation({ ...info, access: "key" }) },
    )
    .get(
      "/key/list",
      ({ request }) => {
        const query = readQuery(request, ListQuery, notForLists);
        const { page = 1, size = standardSize } = query;
        const { items, total } = book.list(filterOf(query), orderOf(query), { page, size });
        const shown = (record: KeyRecord) =>
          query.return_full_object === true ? keyShape(record, showing()) : record.id;
        return Response.json({
          keys: items.map(shown),
          total_count: total,
          current_page: page,
          total_pages: pagesOf(total, size),
        });
      },
      adminRoute(list),
    );
};

/** A key that is no admin's sees itself, and does not find out which others there are. */
function keyShownTo(caller: AdminCaller, book: KeyBook, reference: string | null): KeyRecord {
  if (caller.isAdmin) {
    if (reference !== null) return keyOf(book, reference);
    if (caller.key !== null) return caller.key;
    throw refuse(["key is missing."]);
  }
  const asked = reference === null ? caller.key : book.byReference(reference);
  if (asked === null || asked.id !== caller.key?.id) throw new GatewayError("admin_only");
  return asked;
}

const InfoQuery = Type.Object({
  key: Type.Optional(
    Type.String({
      description: "The key itself, or its id; the caller's own where it is missing.",
    }),
  ),
});

const orders = {
  created_at: "createdAt",
  updated_at: "updatedAt",
  key_alias: "alias",
  expires: "expiresAt",
  max_budget: "maxBudget",
} as const satisfies Record<string, ListOrder["by"]>;

const standardSize = 10;

const text = (description: string) => Type.Optional(Type.String({ description }));
const flag = (description: string) =>
  Type.Optional(Type.Boolean({ meant: "true or false", description }));

const ListQuery = Type.Object({
  page: pageField,
  size: sizeField(standardSize),
  team_id: text("Keys of this team."),
  user_id: text("Keys of this user."),
  key_alias: text("The key of this alias."),
  key_hash: text("The key of this id."),
  substring_matching: flag("key_alias may stand anywhere in the alias."),
  return_full_object: flag("The keys with all that is known of them, and not their ids alone."),
  sort_by: Type.Optional(
    Type.Union(
      [
        Type.Literal("created_at"),
        Type.Literal("updated_at"),
        Type.Literal("key_alias"),
        Type.Literal("expires"),
        Type.Literal("max_budget"),
      ],
      { meant: Object.keys(orders).join(", "), description: "created_at unless said otherwise." },
    ),
  ),
  sort_order: Type.Optional(
    Type.Union([Type.Literal("asc"), Type.Literal("desc")], {
      meant: "asc or desc",
      description: "desc unless said otherwise.",
    }),
  ),
});
type ListQuery = Static<typeof ListQuery>;

const unfiltered = "no list is made by it here";

const notForLists: NotHere = Object.fromEntries(
  ["organization_id", "project_id", "access_group_id", "agent_id", "status", "expand", "expires"]
    .concat(["include_team_keys", "include_created_by_keys"])
    .map((name) => [name, unfiltered]),
);

function filterOf(query: ListQuery): KeyFilter {
  return {
    ...(query.team_id === undefined ? {} : { teamId: query.team_id }),
    ...(query.user_id === undefined ? {} : { userId: query.user_id }),
    ...(query.key_alias === undefined ? {} : { alias: query.key_alias }),
    ...(query.key_hash === undefined ? {} : { id: query.key_hash }),
    ...(query.substring_matching === true ? { substring: true } : {}),
  };
}

function orderOf({ sort_by = "created_at", sort_order = "desc" }: ListQuery): ListOrder {
  return { by: orders[sort_by], descending: sort_order === "desc" };
}

const info = {
  tag: "keys",
  summary: "Look at a key",
  description: "A virtual key may look at itself. The reply holds all but the key itself.",
  query: InfoQuery,
  reply: Type.Object({ key: Type.String({ description: "Its id." }), info: KeyShape }),
};

const list = {
  tag: "keys",
  summary: "List keys",
  query: ListQuery,
  reply: Type.Object({
    keys: Type.Array(Type.Union([Type.String(), KeyShape])),
    total_count: Type.Integer(),
    current_page: Type.Integer(),
    total_pages: Type.Integer(),
  }),
};
