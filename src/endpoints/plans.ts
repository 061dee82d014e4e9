import { randomUUID } from "node:crypto";
import type { EndpointSettings, StoredEndpoint } from "../core/endpoint-book.ts";
import { maskedSettings } from "../core/endpoint-secrets.ts";
import { GatewayError } from "../core/errors.ts";
import { mergeSettings } from "./merge-settings.ts";
import type { Shelf } from "./shelf.ts";

/** A change that is not made yet; null where there is nothing. */
export interface Plan {
  readonly before: StoredEndpoint | null;
  readonly after: StoredEndpoint | null;
  /** Every endpoint, once it is made. */
  readonly next: readonly StoredEndpoint[];
}

/** Who makes a change, and when. */
export interface Made {
  readonly at: number;
  readonly by: string;
}

/** Throws `request_invalid` where the id cannot be had. */
export function planOfCreate(
  shelf: Shelf,
  given: string | null,
  settings: EndpointSettings,
  { at, by }: Made,
): Plan {
  const id = given ?? randomUUID();
  if (!isEndpointId(id)) {
    throw invalid(
      "An id has 1 to 200 printable characters: no slash, no ? or #, and no blank at its ends.",
    );
  }
  if (shelf.find(id) !== null) throw invalid("Another endpoint has this id.");
  const after: StoredEndpoint = {
    id,
    version: 1 + (given === null ? 0 : shelf.lastVersionOf(given)),
    settings: mergeSettings({}, settings),
    createdAt: at,
    createdBy: by,
    updatedAt: at,
    updatedBy: by,
  };
  return { before: null, after, next: [...shelf.all, after] };
}

/** Throws `not_found`, or `version_conflict` where `version` is given and the endpoint has another one. */
export function planOfChange(
  shelf: Shelf,
  id: string,
  { changes, version }: { readonly changes: EndpointSettings; readonly version: number | null },
  { at, by }: Made,
): Plan {
  const before = mustHave(shelf, id, version);
  const after: StoredEndpoint = {
    ...before,
    version: before.version + 1,
    settings: mergeSettings(before.settings, changes),
    updatedAt: at,
    updatedBy: by,
  };
  return { before, after, next: shelf.all.map((one) => (one === before ? after : one)) };
}

/** Throws what a change would throw. */
export function planOfRemove(shelf: Shelf, id: string, version: number | null): Plan {
  const before = mustHave(shelf, id, version);
  return { before, after: null, next: shelf.all.filter((one) => one !== before) };
}

/** What the audit log keeps of an endpoint. */
export function endpointView(endpoint: StoredEndpoint): string {
  return JSON.stringify({ version: endpoint.version, ...maskedSettings(endpoint.settings) });
}

function mustHave(shelf: Shelf, id: string, version: number | null): StoredEndpoint {
  const endpoint = shelf.find(id);
  if (endpoint === null) throw new GatewayError("not_found");
  if (version === null || version === endpoint.version) return endpoint;
  throw new GatewayError("version_conflict", { detail: `Its version is ${endpoint.version} now.` });
}

/** It stands in a path, in headers and in lines of a log. */
function isEndpointId(text: string): boolean {
  return (
    /^[^\p{C}\p{Zl}\p{Zp}/?#]{1,200}$/u.test(text) && text.trim() === text && !/^\.\.?$/.test(text)
  );
}

function invalid(detail: string): GatewayError {
  return new GatewayError("request_invalid", { detail });
}
