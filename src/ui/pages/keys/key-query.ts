import { pageOf } from "../../query.ts";

/** What the list of keys shows: everything that its address says. */
export interface KeyQuery {
  /** A part of the alias. */
  readonly alias: string;
  readonly team: string;
  readonly user: string;
  readonly sortBy: KeySort;
  readonly descending: boolean;
  /** From 1. */
  readonly page: number;
}

const sorts = ["created_at", "key_alias", "max_budget", "expires"] as const;

export type KeySort = (typeof sorts)[number];

const keysPerPage = 50;

/** What an address says; what is not understood there is left out. */
export function readKeyQuery(params: URLSearchParams): KeyQuery {
  return {
    alias: params.get("alias")?.trim() ?? "",
    team: params.get("team")?.trim() ?? "",
    user: params.get("user")?.trim() ?? "",
    sortBy: sortOf(params.get("sort")),
    descending: params.get("order") !== "asc",
    page: pageOf(params),
  };
}

/** The address that says it; what stands for itself is left out. */
export function writeKeyQuery(query: KeyQuery): URLSearchParams {
  const members: [name: string, value: string][] = [
    ["alias", query.alias.trim()],
    ["team", query.team.trim()],
    ["user", query.user.trim()],
    ["sort", query.sortBy === "created_at" ? "" : query.sortBy],
    ["order", query.descending ? "" : "asc"],
    ["page", query.page === 1 ? "" : String(query.page)],
  ];
  return new URLSearchParams(members.filter(([, value]) => value !== ""));
}

/** As `GET /key/list` takes it. */
export function keyListQuery(query: KeyQuery): Readonly<Record<string, string | number | boolean>> {
  return {
    return_full_object: true,
    page: query.page,
    size: keysPerPage,
    sort_by: query.sortBy,
    sort_order: query.descending ? "desc" : "asc",
    ...(query.alias === "" ? {} : { key_alias: query.alias, substring_matching: true }),
    ...(query.team === "" ? {} : { team_id: query.team }),
    ...(query.user === "" ? {} : { user_id: query.user }),
  };
}

/** Whether keys are left out. */
export function isNarrowed({ alias, team, user }: KeyQuery): boolean {
  return alias !== "" || team !== "" || user !== "";
}

/** Whether the gateway looks through all keys for it: nothing to be asked over and over again. */
export function asksForMuch({ alias, sortBy }: KeyQuery): boolean {
  return alias !== "" || sortBy !== "created_at";
}

/** A column of the table as the API sorts by it. */
export function sortOf(name: string | null): KeySort {
  return sorts.find((one) => one === name) ?? "created_at";
}
