import { type Static, Type } from "@sinclair/typebox";
import { keyScope } from "../core/journal.ts";
import type { IssuedKey } from "../core/key-book.ts";
import type { KeyRecord } from "../core/key-record.ts";
import { usdOfNano } from "../core/money.ts";
import {
  EmptyShape,
  emptyShape,
  nullable,
  PayerShape,
  payerShape,
  type Showing,
  Time,
  timeText,
} from "./payer-shape.ts";

/** A virtual key as replies show it: all but the key itself. */
export const KeyShape = Type.Object({
  token: Type.String({ description: "The key's id: it stays when the key is made anew." }),
  token_id: Type.String({ description: "The same." }),
  key_name: Type.String({ description: "`sk-...` and the last four characters." }),
  key_alias: nullable(Type.String()),
  expires: nullable(Time),
  soft_budget: nullable(Type.Number()),
  user_id: nullable(Type.String()),
  user_role: nullable(Type.String()),
  team_id: nullable(Type.String()),
  ...PayerShape.properties,
  ...EmptyShape.properties,
});
export type KeyShape = Static<typeof KeyShape>;

/** The one reply that holds a key. */
export const IssuedShape = Type.Object({
  key: Type.String({ description: "The key itself, shown this once." }),
  ...KeyShape.properties,
});

/** A key that was changed; `key` is its id. */
export const ChangedShape = Type.Object({ key: Type.String(), ...KeyShape.properties });

export function keyShape(record: KeyRecord, showing: Showing): KeyShape {
  const soft = record.softBudgetNanoUsd;
  return {
    token: record.id,
    token_id: record.id,
    key_name: record.name,
    key_alias: record.alias,
    expires: record.expiresAt === null ? null : timeText(record.expiresAt),
    soft_budget: soft === null ? null : usdOfNano(soft),
    user_id: record.userId,
    user_role: record.role,
    team_id: record.teamId,
    ...payerShape(record, keyScope(record.id), showing),
    ...emptyShape(),
  };
}

export function issuedShape(
  { key, record }: IssuedKey,
  showing: Showing,
): Static<typeof IssuedShape> {
  return { key, ...keyShape(record, showing) };
}

export function changedShape(record: KeyRecord, showing: Showing): Static<typeof ChangedShape> {
  return { key: record.id, ...keyShape(record, showing) };
}
