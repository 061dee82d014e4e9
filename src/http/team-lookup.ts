import { GatewayError } from "../core/errors.ts";
import type { KeyBook } from "../core/key-book.ts";
import type { TeamRecord } from "../core/key-record.ts";

/** Throws `not_found`; `place` tells which field of the request named the team. */
export function teamOf(book: KeyBook, id: string, place = "team_id"): TeamRecord {
  const team = book.team(id);
  if (team === null)
    throw new GatewayError("not_found", { detail: `No team is meant by ${place}.` });
  return team;
}
