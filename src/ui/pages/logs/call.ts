import { count } from "../../format.ts";
import type { LogReply } from "../../replies.ts";

type Call = Pick<LogReply, "metadata" | "api_key" | "model_group">;

/** How the key is called that paid: its alias, else its id; null for callers without one. */
export function aliasOf({ metadata, api_key: id }: Call): string | null {
  const alias = metadata["user_api_key_alias"];
  if (typeof alias === "string" && alias !== "") return alias;
  if (id === "master") return "master key";
  return id === "" ? null : id;
}

/** Null where nobody named one. */
export function modelOf({ model_group: name }: Call): string | null {
  return name === "" ? null : name;
}

/** `27 / 7`: those that went in and those that came out; null where nobody told either. */
export function tokensOf({
  prompt_tokens: sent,
  completion_tokens: came,
}: Pick<LogReply, "prompt_tokens" | "completion_tokens">): string | null {
  return sent === null && came === null ? null : `${count(sent)} / ${count(came)}`;
}
