import { writtenUsage } from "../config/unit-names.ts";
import type { KeyBook } from "../core/key-book.ts";
import { usdText } from "../core/money.ts";
import type { CallRow } from "../core/types.ts";
import { timeText } from "./payer-shape.ts";

/** A cell of a table: a text, a number, or nothing. */
type Cell = string | number | boolean | null | Amount;

/** Digits that are already what is to be written. */
interface Amount {
  readonly digits: string;
}

/** One record of CSV (RFC 4180), with its line end. No spreadsheet takes a text in it for a formula. */
function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(written).join(",")}\r\n`;
}

function written(cell: Cell): string {
  if (cell === null) return "";
  if (typeof cell === "string") return quoted(harmless(cell));
  return typeof cell === "object" ? cell.digits : String(cell);
}

/** How a formula begins, for one program or another; full-width signs too, which some take for the plain ones. */
const formula = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

/** An apostrophe in front says to a spreadsheet that this is text. */
function harmless(text: string): string {
  return formula.test(text) ? `'${text}` : text;
}

/** Quoted where it has to be; also at what other readers take for the end of a line or a cell. */
function quoted(text: string): string {
  return /["',;\s\0\u0085]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

type Column = readonly [name: string, cell: (row: CallRow, book: KeyBook) => Cell];

const columns: readonly Column[] = [
  ["request_id", ({ id }) => id],
  ["startTime", ({ startedAt }) => timeText(startedAt)],
  ["endTime", ({ startedAt, durationMs }) => timeText(startedAt + durationMs)],
  ["request_duration_ms", ({ durationMs }) => durationMs],
  ["first_byte_ms", ({ firstByteMs }) => firstByteMs],
  ["overhead_ms", ({ overheadMs }) => overheadMs],
  ["status", ({ error, status }) => (error !== null || status >= 400 ? "failure" : "success")],
  ["http_status", ({ status }) => status],
  ["error", ({ error }) => error],
  ["route", ({ route }) => route],
  ["method", ({ method }) => method],
  ["api_base", ({ target }) => target],
  ["custom_llm_provider", ({ provider }) => provider],
  ["model", ({ model }) => model],
  ["api_key", ({ keyId }) => keyId],
  ["key_alias", ({ keyId }, book) => (keyId === null ? null : (book.key(keyId)?.alias ?? null))],
  ["team_id", ({ teamId }) => teamId],
  [
    "team_alias",
    ({ teamId }, book) => (teamId === null ? null : (book.team(teamId)?.alias ?? null)),
  ],
  ["user", ({ userId }) => userId],
  ["end_user", ({ endUser }) => endUser],
  ["request_tags", ({ tags }) => (tags.length === 0 ? null : JSON.stringify(tags))],
  ["prompt_tokens", ({ usage }) => usage?.input ?? null],
  ["completion_tokens", ({ usage }) => usage?.output ?? null],
  ["usage", ({ usage }) => (usage === null ? null : JSON.stringify(writtenUsage(usage)))],
  ["spend", ({ costNanoUsd }) => (costNanoUsd === null ? null : { digits: usdText(costNanoUsd) })],
  ["unpriced", ({ unpriced }) => unpriced],
  ["estimated", ({ estimated }) => estimated],
  ["stream", ({ isStream }) => isStream],
  ["bytes_in", ({ bytesIn }) => bytesIn],
  ["bytes_out", ({ bytesOut }) => bytesOut],
  ["user_agent", ({ userAgent }) => userAgent],
  ["metadata", ({ metadata }) => metadata],
];

/** The names of the columns, those of LiteLLM where it has them. */
export const csvHead: string = csvLine(columns.map(([name]) => name));

/** Calls as records of CSV. */
export function csvRows(rows: readonly CallRow[], book: KeyBook): string {
  return rows.map((row) => csvLine(columns.map(([, cell]) => cell(row, book)))).join("");
}
