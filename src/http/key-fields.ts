import { type Static, Type } from "@sinclair/typebox";
import { parseDuration } from "../core/duration.ts";
import { isOwnKey } from "../core/key.ts";
import { amount, clearable, payerFields, word } from "./payer-fields.ts";

const Reference = Type.String({
  minLength: 1,
  maxLength: 256,
  meant: "a key or its id",
  description: "The key itself, or its id.",
});

const References = (meant: string, description: string) =>
  clearable(Type.Array(Type.String({ minLength: 1 }), { maxItems: 10_000 }), meant, description);

const ownKey = (description: string) =>
  clearable(
    Type.String(),
    "sk- and 13 to 253 of the characters A-Z, a-z, 0-9, _ . ~ + = -",
    description,
    (value) => typeof value === "string" && isOwnKey(value),
  );

/** What a virtual key may be given. */
const keyFields = {
  key_alias: word("A name for people; no two keys have the same one."),
  duration: clearable(
    Type.String(),
    "a length of time such as 30s, 30m, 30h, 30d, 2w or 1mo, ten years at most, or -1 for no end,",
    "From now on until the key expires.",
    (value) => value === "-1" || (typeof value === "string" && parseDuration(value) !== null),
  ),
  soft_budget: amount("Spend in USD from which on a warning is due; no more than max_budget."),
  team_id: word("The team whose limits hold too."),
  user_id: word("Whose key it is: a name in records, without limits of its own."),
  user_role: clearable(
    Type.Literal("proxy_admin"),
    "proxy_admin, or nothing,",
    "`proxy_admin`: the key may use the admin API.",
  ),
  ...payerFields,
};

const closed = { additionalProperties: false } as const;

export const GenerateKey = Type.Object(
  { key: ownKey("The key itself, where you bring your own."), ...keyFields },
  closed,
);

export const UpdateKey = Type.Object({ key: Reference, ...keyFields }, closed);

export const RegenerateKey = Type.Object(
  { new_key: ownKey("The new key itself, where you bring your own."), ...keyFields },
  closed,
);

export const RegenerateKeyByBody = Type.Object(
  { key: Reference, ...RegenerateKey.properties },
  closed,
);

export const OneKey = Type.Object({ key: Reference }, closed);

export const DeleteKeys = Type.Object(
  {
    keys: References("a list of keys or their ids", "Keys, or their ids."),
    key_aliases: References("a list of aliases", "Keys by their aliases."),
  },
  closed,
);

const Key = Type.Object(keyFields);
export type KeyFields = Static<typeof Key>;
