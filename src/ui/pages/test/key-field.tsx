import { useState } from "react";
import { useApi } from "../../api.ts";
import { count } from "../../format.ts";
import { Field, SecretInput, Select, TextInput } from "../../parts/field.tsx";
import type { KeyReply, KeysReply } from "../../replies.ts";
import { oneLine } from "../../parts/reveal.ts";
import type { TestKey } from "./form.ts";

export interface KeyFieldProps {
  readonly chosen: TestKey;
  readonly hasMasterKey: boolean;
  readonly error: string | undefined;
  readonly onChange: (key: TestKey) => void;
}

/** So many keys are offered; of more, those whose alias is searched for. */
const mostOffered = 50;

/** With which key the call goes. */
export function KeyField({ chosen, hasMasterKey, error, onChange }: KeyFieldProps) {
  const [search, setSearch] = useState("");
  const { data, error: failed } = useApi<KeysReply>("/key/list", {
    return_full_object: true,
    size: mostOffered,
    sort_by: "key_alias",
    sort_order: "asc",
    key_alias: search.trim(),
    substring_matching: search.trim() === "" ? null : true,
  });
  const keys = data?.keys ?? [];
  const isLong = search !== "" || (data?.total_count ?? 0) > mostOffered;
  const choose = (value: string) => {
    if (value === "master" || value === "none") return onChange({ kind: value });
    if (value === "text") return onChange({ kind: "text", key: "" });
    const key = keys.find(({ token }) => `key ${token}` === value);
    if (key !== undefined) onChange({ kind: "key", id: key.token, name: nameOf(key) });
  };
  return (
    <>
      {isLong && (
        <Field
          label="Find a key"
          hint={`By its alias: ${count(data?.total_count)} fit, the first ${mostOffered} are offered.`}
        >
          <TextInput type="search" value={search} onChange={setSearch} />
        </Field>
      )}
      <Field
        label="Key"
        hint={failed === undefined ? undefined : "The virtual keys could not be read."}
        error={chosen.kind === "text" ? undefined : error}
      >
        <Select
          value={valueOf(chosen)}
          onChange={choose}
          options={optionsOf(keys, chosen, hasMasterKey)}
        />
      </Field>
      {chosen.kind === "text" && (
        <Field label="The key" error={error} hint="It is sent with the call, and kept nowhere.">
          <SecretInput
            value={chosen.key}
            onChange={(key) => onChange({ kind: "text", key: key.trim() })}
          />
        </Field>
      )}
    </>
  );
}

function valueOf(key: TestKey): string {
  return key.kind === "key" ? `key ${key.id}` : key.kind;
}

function optionsOf(keys: readonly KeyReply[], chosen: TestKey, hasMasterKey: boolean) {
  const listed = keys.map((key) => ({ value: `key ${key.token}`, label: nameOf(key) }));
  const isListed = listed.some(({ value }) => value === valueOf(chosen));
  return [
    ...(hasMasterKey ? [{ value: "master", label: "The master key" }] : []),
    { value: "none", label: "No key" },
    ...(chosen.kind === "key" && !isListed ? [{ value: valueOf(chosen), label: chosen.name }] : []),
    ...listed,
    { value: "text", label: "Another key, typed in" },
  ];
}

function nameOf({ key_alias: alias, key_name: name, blocked }: KeyReply): string {
  const words = alias === null || alias === "" ? name : `${oneLine(alias, 60)} (${name})`;
  return blocked === true ? `${words}, blocked` : words;
}
