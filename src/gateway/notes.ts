import type { Principal } from "../core/key-record.ts";
import type { Call, CallNotes } from "../core/types.ts";
import { holdsKey, type OwnKeys, scrubText } from "./own-keys.ts";

const maxTags = 32;
const maxTagLength = 128;
const maxUserLength = 256;
const maxUserAgentLength = 200;
const maxMetadataBytes = 8 * 1024;

/** So many pieces of the header are looked at: a key or a repeat among them costs a look too. */
const maxPieces = 4 * maxTags;

/** A text is cut to this before all else; room for a key that is cut at its own length, however it is encoded. */
const maxLookedAt = 1024;
const maxModelLength = 256;

const noTags: readonly string[] = [];

/** Of a call about which nothing is said. */
export const noNotes: CallNotes = { tags: noTags, endUser: null, metadata: null, userAgent: null };

/**
 * What the caller says of a call, and the tags of its key and team. Headers are cut to a length and to printable
 * characters; what holds a key of ours, and metadata that is no JSON object or longer than 8 KiB as it is
 * written, is left out.
 */
export function notesOf({ headers }: Call, principal: Principal, own: OwnKeys): CallNotes {
  const tags = tagsOf(headers["x-litellm-tags"], headers["tags"], own);
  const user = headers["x-litellm-end-user-id"] ?? headers["x-litellm-customer-id"];
  const metadata = headers["x-litellm-spend-logs-metadata"];
  const all = principal.kind === "key" ? withOwnTags(principal, tags) : tags;
  const userAgent = userAgentOf(headers["user-agent"], own);
  if (all.length === 0 && user === undefined && metadata === undefined) return userAgent;
  return {
    ...userAgent,
    tags: all,
    endUser: user === undefined ? null : textOf(user, maxUserLength, own),
    metadata: metadata === undefined ? null : metadataOf(metadata, own),
  };
}

/** Clients are few: what was looked at once is not looked at again. */
const userAgents = new Map<string, CallNotes>();
const maxUserAgents = 200;

/** The notes of a call about which nothing else is said. */
function userAgentOf(header: string | undefined, own: OwnKeys): CallNotes {
  if (header === undefined) return noNotes;
  const known = userAgents.get(header);
  if (known !== undefined) return known;
  const notes = { ...noNotes, userAgent: textOf(header, maxUserAgentLength, own) };
  if (userAgents.size >= maxUserAgents) userAgents.clear();
  if (header.length <= maxLookedAt && !header.includes("sk-")) userAgents.set(header, notes);
  return notes;
}

function tagsOf(
  first: string | undefined,
  second: string | undefined,
  own: OwnKeys,
): readonly string[] {
  if (first === undefined && second === undefined) return noTags;
  const tags = new Set<string>();
  for (const text of `${first ?? ""},${second ?? ""}`.split(",", maxPieces)) {
    const tag = textOf(text, maxTagLength, own);
    if (tag !== null) tags.add(tag);
    if (tags.size === maxTags) break;
  }
  return [...tags];
}

/** The key's and the team's come first, and count in no limit: a caller cannot push them out. */
function withOwnTags(
  { key, team }: Extract<Principal, { kind: "key" }>,
  tags: readonly string[],
): readonly string[] {
  const ofTeam = team?.tags ?? noTags;
  if (tags.length === 0 && ofTeam.length === 0) return key.tags;
  return [...new Set([...key.tags, ...ofTeam, ...tags])];
}

/** A model's name as it may be recorded: it is the client's, as long as a body, and may be anything. */
export function shownModel(name: string, own: OwnKeys): string | null {
  return textOf(name, maxModelLength, own);
}

/** Looked at before it is cut: half a key is not to be recorded either. */
function textOf(value: string, maxLength: number, own: OwnKeys): string | null {
  const text = scrubText(printable(value.slice(0, maxLookedAt)), own);
  return text === null || text === "" ? null : text.slice(0, maxLength).toWellFormed();
}

function printable(value: string): string {
  return value.replace(/\p{Cc}/gu, "").trim();
}

/** Written anew, so that each name stands there once. What holds a key of ours is left out of it. */
function metadataOf(text: string, own: OwnKeys): string | null {
  if (text.length > maxMetadataBytes) return null;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
    // `1e20` is written with 21 digits
    const written = JSON.stringify(value, (name, inner: unknown) => {
      const isOurs = holdsKey(name, own) || (typeof inner === "string" && holdsKey(inner, own));
      return isOurs ? undefined : inner;
    });
    return Buffer.byteLength(written) > maxMetadataBytes ? null : written;
  } catch {
    return null;
  }
}
