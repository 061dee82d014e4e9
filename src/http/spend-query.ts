import { type Static, Type } from "@sinclair/typebox";
import type { BodyReader } from "../core/body-log.ts";
import type { KeyBook } from "../core/key-book.ts";
import { isUsd, nanoOfUsd } from "../core/money.ts";
import type { CallFilter, CallOrder, RowOrder } from "../core/spend.ts";
import { type NotHere, refuse } from "./field-faults.ts";
import { dateField, pageField, sizeField, timeOf } from "./paging.ts";

export const standardSize = 50;

/** So many of a search's matches are looked at. */
const mostFound = 1_000;

export const text = (description: string) =>
  Type.Optional(Type.String({ maxLength: 1_000, description }));

const oneOf = (names: readonly string[], description: string) =>
  Type.Optional(
    Type.String({
      meant: `one of ${names.join(", ")}`,
      sound: (value: unknown) => typeof value === "string" && names.includes(value),
      description,
    }),
  );

const isAmount = (value: unknown) =>
  typeof value === "string" && /^\d+(?:\.\d+)?(?:e-?\d+)?$/i.test(value) && isUsd(Number(value));

const usd = (description: string) =>
  Type.Optional(
    Type.String({
      meant: "an amount of USD, 0 or more and 9 million at most,",
      sound: isAmount,
      description,
    }),
  );

export const timeFields = {
  start_date: dateField("Calls that began then or later."),
  end_date: dateField("Calls that began then or before; of a day without a time, that day too."),
};

/** Of `/spend/logs`. */
export const ListQuery = Type.Object({
  api_key: text("A key, or its id."),
  user_id: text("Whose key it was."),
  request_id: text("One call, by its x-litellm-call-id."),
  ...timeFields,
  summarize: Type.Optional(
    Type.Boolean({
      meant: "true or false",
      description: "With both dates: sums by day (true, unless said otherwise), or the calls.",
    }),
  ),
});

const millis = (description: string) =>
  Type.Optional(
    Type.String({
      meant: "a number of milliseconds, 0 or more,",
      sound: (value: unknown) => typeof value === "string" && /^\d{1,12}(?:\.\d+)?$/.test(value),
      description,
    }),
  );

/** Among the statuses: all of a hundred. */
const statusClass = /^[1-5]xx$/i;

const isStatusList = (value: unknown) =>
  typeof value === "string" &&
  value.length <= 200 &&
  value.split(",").every((one) => /^[1-9]\d\d$/.test(one) || statusClass.test(one));

const orders: Readonly<Record<string, CallOrder>> = {
  startTime: "startedAt",
  spend: "cost",
  request_duration_ms: "durationMs",
  http_status: "status",
  total_tokens: "startedAt", // not counted yet: all are alike
};

/** Which calls: of `/spend/logs/v2` and whatever else picks calls as it does. */
const pickingFields = {
  ...timeFields,
  api_key: text("A key, or its id."),
  key_alias: text("A key, by its alias."),
  team_id: text("A team's id."),
  user_id: text("Whose key it was."),
  end_user: text("As the client named it."),
  request_id: text("One call, by its x-litellm-call-id."),
  model: text("The model that the request named."),
  model_id: text("As model."),
  model_group: text("As model."),
  route: text("The route's id."),
  tag: text("One of the call's tags."),
  status_filter: oneOf(["success", "failure"], "Only those that went well, or did not."),
  error_code: text("An HTTP status, or the code of an error of this gateway."),
  http_status: Type.Optional(
    Type.String({
      meant: "statuses such as 404, 5xx or 429,5xx",
      sound: isStatusList,
      description: "HTTP statuses, separated by commas; 5xx is all of 500 to 599.",
    }),
  ),
  provider: text("Whose wire format the reply has: openai."),
  min_duration_ms: millis("Calls that took as long or longer."),
  max_duration_ms: millis("Calls that took as long or less."),
  search: text(
    `Words that all stand in the request's or the reply's logged body. The latest ${mostFound} calls with them are looked at, and of these the ones shown that the other filters take.`,
  ),
  min_spend: usd("Calls that cost as much or more."),
  max_spend: usd("Calls that cost as much or less."),
};

/** Of `/spend/logs/v2`. */
export const PageQuery = Type.Object({
  page: pageField,
  page_size: sizeField(standardSize),
  ...pickingFields,
  sort_by: oneOf(Object.keys(orders), "startTime unless said otherwise."),
  sort_order: oneOf(["asc", "desc"], "desc unless said otherwise."),
});
export type PageQuery = Static<typeof PageQuery>;

/** Of `/spend/logs/export`. */
export const ExportQuery = Type.Object({
  format: oneOf(["jsonl", "csv"], "jsonl unless said otherwise."),
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      meant: "a whole number from 1 on",
      description: "No more calls than so many, the oldest first; else all.",
    }),
  ),
  ...pickingFields,
});
export type ExportQuery = Static<typeof ExportQuery>;

const PickingQuery = Type.Object(pickingFields);
type PickingQuery = Static<typeof PickingQuery>;

/** Parameters of LiteLLM's that mean nothing here. */
export const notForLogs: NotHere = {
  error_message: "messages are not kept; use error_code",
  session_id: "sessions are not kept",
};

/** Which rows a query means, `search` left aside. Throws `request_invalid` where its parameters contradict each other. */
export function callFilter(book: KeyBook, query: PickingQuery): CallFilter {
  const model = modelOf(query);
  const { since, until } = span(query);
  return defined({
    keyIds: keyIdsOf(book, query),
    id: query.request_id,
    teamId: query.team_id,
    userId: query.user_id,
    endUser: query.end_user,
    route: query.route,
    tag: query.tag,
    model,
    failed: query.status_filter === undefined ? undefined : query.status_filter === "failure",
    ...errorOf(query.error_code),
    statuses: query.http_status === undefined ? undefined : statusesOf(query.http_status),
    provider: query.provider,
    minDurationMs: numberOf(query.min_duration_ms),
    maxDurationMs: numberOf(query.max_duration_ms),
    minSpendNanoUsd: nanoOf(query.min_spend),
    maxSpendNanoUsd: nanoOf(query.max_spend),
    since,
    until,
  });
}

/**
 * The filter with what `search` found among the bodies; as it is where nothing is searched for. Throws
 * `request_invalid` where no bodies are logged.
 */
export async function searched(
  filter: CallFilter,
  text: string | undefined,
  bodies: BodyReader | null,
): Promise<CallFilter> {
  if (text === undefined) return filter;
  if (bodies === null) {
    throw refuse([
      "search: no log of bodies is open here; a gateway that runs has one (log: bodies).",
    ]);
  }
  const { since, until } = filter;
  const ids = await bodies.search({ text, ...defined({ since, until }), limit: mostFound });
  return { ...filter, ids };
}

export function rowOrder({ sort_by: by, sort_order: order }: PageQuery): RowOrder {
  return { by: orders[by ?? "startTime"] ?? "startedAt", descending: order !== "asc" };
}

/** The keys that are meant; of a key that nobody has, none. */
export function keyIdsOf(
  book: KeyBook,
  { api_key: reference, key_alias: alias }: Pick<PickingQuery, "api_key" | "key_alias">,
): string[] | undefined {
  const byReference = reference === undefined ? undefined : idsOfReference(book, reference);
  if (alias === undefined) return byReference;
  const id = book.byAlias(alias)?.id;
  return id === undefined || byReference?.includes(id) === false ? [] : [id];
}

/** Keys that are gone still have rows, under their ids. */
function idsOfReference(book: KeyBook, reference: string): string[] {
  const id = book.byReference(reference)?.id;
  if (id !== undefined) return [id];
  return reference.startsWith("sk-") ? [] : [reference];
}

/** The dates of a query as a span; a date with a time of day is in it. */
export function span({
  start_date: start,
  end_date: end,
}: Pick<PickingQuery, "start_date" | "end_date">) {
  const since = start === undefined ? null : timeOf(start);
  const last = end === undefined ? null : timeOf(end);
  const until = last === null ? null : last + (end?.length === 10 ? 86_400_000 : 1);
  if (since !== null && until !== null && since >= until) {
    throw refuse(["end_date: a time after start_date is meant."]);
  }
  return { since: since ?? undefined, until: until ?? undefined };
}

function modelOf({ model, model_id: id, model_group: group }: PickingQuery): string | undefined {
  const named = new Set([model, id, group].filter((name) => name !== undefined));
  if (named.size > 1) throw refuse(["model, model_id, model_group: all mean the same here."]);
  return [...named][0];
}

function errorOf(code: string | undefined): Pick<CallFilter, "status" | "error"> {
  if (code === undefined) return {};
  return /^\d{3}$/.test(code) ? { status: Number(code) } : { error: code };
}

/** Each status by itself, none twice. */
function statusesOf(list: string): number[] {
  const statuses = list.split(",").flatMap((one) => {
    const first = Number(one[0]) * 100;
    return statusClass.test(one) ? Array.from({ length: 100 }, (_, n) => first + n) : [Number(one)];
  });
  return [...new Set(statuses)];
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}

function nanoOf(usd: string | undefined): number | undefined {
  return usd === undefined ? undefined : nanoOfUsd(Number(usd));
}

type Defined<T> = { [Name in keyof T]?: Exclude<T[Name], undefined> };

/** Leaves out what is undefined. */
export function defined<T extends object>(parts: T): Defined<T> {
  const result: Defined<T> = { ...parts };
  for (const name in result) if (result[name] === undefined) delete result[name];
  return result;
}
