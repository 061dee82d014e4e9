import type { ReactNode } from "react";
import { Link } from "wouter";
import { useApi } from "../../api.ts";
import type { AuditReply, EndpointsReply, KeysReply, TeamReply } from "../../replies.ts";
import { endpointsPath } from "../../endpoint-api.ts";
import { keyHref, routeHref, teamHref } from "../../hrefs.ts";
import { keyTitle } from "../../titles.ts";
import { actorWords, subjectKind, subjectName } from "./words.ts";

/** Who made a change: a key by its alias, where it is known. */
export function Actor({ actor }: { readonly actor: string }) {
  const words = actorWords[actor];
  return words === undefined ? <KeyLink id={actor} name={null} /> : <span>{words}</span>;
}

/** What was changed, with a link to it where it still exists. */
export function Subject({ entry }: { readonly entry: AuditReply }) {
  const { action, subject, before, after } = entry;
  const name = subjectName(before, after);
  const kind = subjectKind(action);
  if (kind === "key") return <KeyLink id={subject} name={name} />;
  if (kind === "team") return <TeamLink id={subject} name={name} />;
  if (kind === "endpoint") return <RouteLink id={subject} name={name} />;
  if (kind === "config") return <Link href="/config">Config file</Link>;
  if (kind === "salt_key") return <Link href="/config">Salt key</Link>;
  return <Named id={subject} name={kind === "session" ? "Session" : name} href={null} />;
}

interface NameProps {
  readonly id: string;
  /** As it was called then. */
  readonly name: string | null;
}

/** A list of one or none: one that is gone is no error. */
function KeyLink({ id, name }: NameProps) {
  const query = { key_hash: id, return_full_object: true, size: 1 };
  const { data } = useApi<KeysReply>(id === "" ? null : "/key/list", query);
  const key = data?.keys.find(({ token_id: own }) => own === id);
  const href = key === undefined ? null : keyHref(id);
  return <Named id={id} name={name ?? (key === undefined ? null : keyTitle(key))} href={href} />;
}

function TeamLink({ id, name }: NameProps) {
  const { data } = useApi<readonly TeamReply[]>("/team/list");
  const exists = data?.some(({ team_id: own }) => own === id) === true;
  return <Named id={id} name={name} href={exists ? teamHref(id) : null} />;
}

function RouteLink({ id, name }: NameProps) {
  const { data } = useApi<EndpointsReply>(endpointsPath);
  const exists = data?.endpoints.some((one) => one.id === id) === true;
  return <Named id={id} name={name} href={exists ? routeHref(id) : null} />;
}

/** The name, if there is one, over the id. */
function Named({ id, name, href }: NameProps & { readonly href: string | null }): ReactNode {
  const first = name ?? id;
  return (
    <span className="audit-named">
      {href === null ? (
        <span className="break">{first}</span>
      ) : (
        <Link className="break" href={href}>
          {first}
        </Link>
      )}
      {name !== null && <code className="audit-id muted">{id}</code>}
    </span>
  );
}
