import { errorCodeOf } from "../../error-code.ts";
import { count } from "../../format.ts";
import type { LogReply } from "../../replies.ts";
import { type BudgetReply, nearEnd } from "../../budgets.ts";
import type { BacklogReply, CredentialReply, Today } from "./replies.ts";

export type Light = "ok" | "warn" | "bad";

/** One thing that is well or is not, and what to do. */
export interface Point {
  readonly light: Light;
  readonly text: string;
  readonly remedy?: string;
  /** Where there is more of it, within the page. */
  readonly href?: string;
}

const many = (amount: number, one: string, more: string) =>
  `${count(amount)} ${amount === 1 ? one : more}`;

/** What the process lost, or did not handle. */
export function backlogPoints(backlog: BacklogReply): Point[] {
  const losses: (Point | null)[] = [
    lost(backlog.dropped_ledger_rows, "record of the ledger was", "records of the ledger were", {
      light: "bad",
      remedy:
        "The disk was full for too long: make room where the data directory lies. What these calls cost is not counted.",
    }),
    lost(backlog.uncaught_errors, "error was not handled", "errors were not handled", {
      light: "bad",
      remedy: "Look for the event uncaught in the gateway's log, and report it.",
    }),
    lost(backlog.dropped_logged_bodies, "logged body was", "logged bodies were", {
      light: "warn",
      remedy:
        "More came than could be written: log the bodies of fewer routes, or use a faster disk.",
    }),
    lost(backlog.dropped_log_lines, "log line was", "log lines were", {
      light: "warn",
      remedy: "Whoever reads the gateway's log is too slow, or its disk is full.",
    }),
  ];
  const found = losses.filter((point) => point !== null);
  return found.length > 0
    ? found
    : [{ light: "ok", text: "Nothing was lost since the start: no record, no body, no log line." }];
}

function lost(
  amount: number,
  one: string,
  more: string,
  { light, remedy }: Pick<Point, "light" | "remedy">,
): Point | null {
  if (amount === 0) return null;
  const end = one.endsWith("handled") ? "." : " lost.";
  return {
    light,
    text: `${many(amount, one, more)}${end}`,
    ...(remedy === undefined ? {} : { remedy }),
  };
}

export function credentialPoint(credentials: readonly CredentialReply[]): Point {
  const missing = credentials.filter(({ present }) => !present);
  if (credentials.length === 0)
    return { light: "ok", text: "No route of the config file needs a credential." };
  if (missing.length === 0) {
    return {
      light: "ok",
      text: `All ${many(credentials.length, "credential is", "credentials are")} there.`,
    };
  }
  return {
    light: "warn",
    text: `${many(missing.length, "credential is", "credentials are")} missing: ${missing.map(({ name }) => name).join(", ")}.`,
    remedy:
      "Set it in the gateway's environment, or as a credential file, and restart. Routes that wait for it (enabled_if) are off until then.",
  };
}

/** From this share of failed calls on something is wrong. */
const manyFail = 0.05;

/** Codes of refusals that do what somebody set. */
const limitCodes = new Set(["rate_limited", "parallel_limited", "budget_exceeded"]);

type Failure = Pick<LogReply, "startTime" | "http_status" | "metadata">;

/** Of calls that passed authentication. `latest`: those that failed, of this day or others. */
export function failurePoint({ routes, since }: Today, latest: readonly Failure[] = []): Point {
  const calls = routes.reduce((sum, route) => sum + route.calls, 0);
  const failed = routes.reduce((sum, route) => sum + route.failed, 0);
  if (calls === 0) return { light: "ok", text: "No call was made today." };
  const codes = latest
    .filter(({ startTime }) => Date.parse(startTime) >= Date.parse(since))
    .map(errorCodeOf);
  const limited = codes.filter((code) => code !== null && limitCodes.has(code)).length;
  const left = codes.filter((code) => code === "client_closed").length;
  const wrong = Math.max(0, failed - limited - left);
  const parts = [
    limited > 0 ? `${count(limited)} refused by limits` : "",
    left > 0 ? `${count(left)} left by the client` : "",
    wrong > 0 ? `${count(wrong)} for other reasons` : "",
  ].filter((part) => part !== "");
  const why = limited + left > 0 ? `: ${parts.join(", ")}.` : ".";
  const text = `${many(failed, "call", "calls")} of ${count(calls)} failed today${why}`;
  if (failed === 0) return { light: "ok", text };
  const href = `/logs?${new URLSearchParams({ start_date: since, status_filter: "failure" })}`;
  if (wrong === 0) return { light: "ok", text, href };
  return { light: wrong / calls >= manyFail ? "bad" : "warn", text, href };
}

export function unpricedPoint({ routes }: Today): Point {
  const unpriced = routes.reduce((sum, route) => sum + route.unpriced, 0);
  if (unpriced === 0) return { light: "ok", text: "The cost of every call of today is known." };
  return {
    light: "warn",
    text: `The cost of ${many(unpriced, "call", "calls")} of today is not known.`,
    href: "/spend",
  };
}

export function budgetPoint(budgets: readonly BudgetReply[]): Point {
  const near = nearEnd(budgets);
  const spent = near.filter(({ share }) => share >= 1).length;
  if (near.length === 0) return { light: "ok", text: "No budget is near its end." };
  const parts = [
    spent > 0 ? `${many(spent, "budget is", "budgets are")} used up` : "",
    near.length > spent
      ? `${many(near.length - spent, "budget is", "budgets are")} near the end`
      : "",
  ];
  const text = `${parts.filter((part) => part !== "").join(", ")}.`;
  return { light: spent > 0 ? "bad" : "warn", text, href: "/spend" };
}

/** The whole in a few words. */
export function verdict(points: readonly Point[]): {
  readonly light: Light;
  readonly text: string;
} {
  const bad = points.filter(({ light }) => light === "bad").length;
  const warn = points.filter(({ light }) => light === "warn").length;
  if (bad > 0) return { light: "bad", text: `${many(bad, "thing is", "things are")} wrong.` };
  if (warn > 0)
    return { light: "warn", text: `${many(warn, "thing needs", "things need")} a look.` };
  return { light: "ok", text: "All is well." };
}

export const lightWords: Readonly<Record<Light, string>> = {
  ok: "Well",
  warn: "Look here",
  bad: "Wrong",
};
