import type { ReactNode } from "react";
import { Time } from "../../parts/time.tsx";
import type { LogDetailReply } from "../../replies.ts";
import { aliasOf } from "./call.ts";
import { Shown } from "../../parts/shown.tsx";

/** Who called, through what, and where it went; what nobody told is left out. */
export function Facts({ call }: { readonly call: LogDetailReply }) {
  const facts: readonly (readonly [name: string, value: ReactNode])[] = [
    ["Started", <Time key="time" at={call.startTime} />],
    ["Call id", text(call.request_id)],
    ["Upstream", text(call.api_base)],
    ["Key", text(aliasOf(call))],
    ["Team", text(teamOf(call))],
    ["User", text(call.user)],
    ["End user", text(call.end_user)],
    ["Tags", tags(call.request_tags)],
    ["Usage format", text(call.provider)],
    ["User agent", text(call.user_agent)],
  ];
  return (
    <dl className="logs-facts">
      {facts.map(
        ([name, value]) =>
          value !== null && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

function text(value: string | null): ReactNode {
  if (value === null || value === "") return null;
  return <Shown text={value} most={200} />;
}

function tags(values: readonly string[]): ReactNode {
  if (values.length === 0) return text(null);
  return (
    <ul className="logs-tags">
      {values.map((tag, index) => (
        <li key={index}>
          <Shown text={tag} most={60} />
        </li>
      ))}
    </ul>
  );
}

function teamOf({ metadata, team_id: id }: LogDetailReply): string | null {
  const alias = metadata["user_api_key_team_alias"];
  return typeof alias === "string" && alias !== "" ? alias : id;
}
