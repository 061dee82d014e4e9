import type { ListedCall } from "./logs-calls.ts";
import { oneLine } from "./logs-output.ts";

const head = ["TIME (UTC)", "STATUS", "TOOK", "ROUTE", "KEY", "MODEL", "IN/OUT", "COST", "ID"];

/** The narrowest that each column is: rows that come later have to fit too. */
const least = [19, 6, 7, 10, 10, 14, 9, 9];

/** A longer cell is cut: clients choose models. */
const widest = 32;

/** Calls as lines below each other, whenever they come. */
export interface CallTable {
  /** With the head before the first ones. */
  lines(calls: readonly ListedCall[]): string;
}

/** Columns are as wide as the first calls need them. */
export function callTable(): CallTable {
  let widths: readonly number[] | null = null;
  return {
    lines(calls) {
      const rows = calls.map(cells);
      const isFirst = widths === null;
      const fixed = (widths ??= least.map((width, column) =>
        Math.max(width, ...rows.map((row) => row[column]?.length ?? 0)),
      ));
      return (isFirst ? [head, ...rows] : rows).map((row) => line(row, fixed)).join("");
    },
  };
}

function line(row: readonly string[], widths: readonly number[]): string {
  return `${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}\n`;
}

function cells(call: ListedCall): string[] {
  const all = [
    call.startTime.slice(0, 19).replace("T", " "),
    statusText(call),
    durationText(call.request_duration_ms),
    call.route || "-",
    keyText(call),
    modelText(call),
    tokensText(call),
    costText(call),
  ].map((cell) => cut(oneLine(cell)));
  return [...all, oneLine(call.request_id)];
}

function cut(text: string): string {
  return text.length <= widest ? text : `${text.slice(0, widest - 1)}…`;
}

/** The status, and the gateway's own error where it was one. */
export function statusText({ http_status, metadata }: ListedCall): string {
  const error = metadata?.error_information?.error_class ?? "";
  return error === "" ? String(http_status) : `${http_status} ${error}`;
}

function durationText(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  const seconds = ms / 1_000;
  return seconds < 100 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds)} s`;
}

/** What stands for none in `model` could be a model's name. */
export function modelText({ model, model_group }: ListedCall): string {
  return (model_group ?? model ?? "") || "-";
}

/** Its alias, else the beginning of its id. */
export function keyText({ metadata, api_key }: ListedCall): string {
  const alias = metadata?.user_api_key_alias ?? "";
  if (alias !== "") return alias;
  return (api_key ?? "") === "" ? "-" : (api_key ?? "").slice(0, 13);
}

export function tokensText({ prompt_tokens, completion_tokens }: ListedCall): string {
  if ((prompt_tokens ?? null) === null && (completion_tokens ?? null) === null) return "-";
  return `${prompt_tokens ?? "-"}/${completion_tokens ?? "-"}`;
}

/** The cost to the nano-dollar, `~` before an estimate; else why it is not known. */
export function costText({ spend, unpriced, estimated }: ListedCall): string {
  if (spend !== null && spend !== undefined) {
    return `${estimated ? "~" : ""}$${spend.toFixed(9).replace(/\.?0+$/, "")}`;
  }
  return (unpriced ?? "") === "" ? "-" : `- (${unpriced})`;
}
