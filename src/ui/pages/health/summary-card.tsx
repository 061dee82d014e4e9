import { Link } from "wouter";
import { type ApiState, useApi } from "../../api.ts";
import { Badge } from "../../parts/badge.tsx";
import { Card } from "../../parts/card.tsx";
import { Skeleton } from "../../parts/progress.tsx";
import type { BudgetsReply } from "../../budgets.ts";
import { every, seldom } from "./every.ts";
import type { BacklogReply, CredentialsReply } from "./replies.ts";
import {
  backlogPoints,
  budgetPoint,
  credentialPoint,
  failurePoint,
  lightWords,
  type Point,
  unpricedPoint,
  verdict,
} from "./state.ts";
import { useFailures } from "./use-failures.ts";
import { useToday } from "./use-today.ts";

/** All that could be wrong, in words. */
export function SummaryCard() {
  const points = usePoints();
  if (points === undefined) {
    return (
      <Card title="Summary">
        <Skeleton lines={4} />
      </Card>
    );
  }
  const { light, text } = verdict(points);
  return (
    <Card title={<span className={`text-${light}`}>{text}</span>}>
      <ul className="health-points" aria-live="polite">
        {points.map((point) => (
          <li key={point.text}>
            <Badge kind={point.light}>{lightWords[point.light]}</Badge>
            <div>
              <p>
                {point.text} {point.href !== undefined && <Link href={point.href}>Show them</Link>}
              </p>
              {point.remedy !== undefined && <p className="muted">{point.remedy}</p>}
            </div>
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** Undefined until everything has answered once. */
function usePoints(): Point[] | undefined {
  const backlog = useApi<BacklogReply>("/health/backlog", {}, every);
  const credentials = useApi<CredentialsReply>("/health/credentials", {}, every);
  const today = useToday();
  const failures = useFailures();
  const budgets = useApi<BudgetsReply>("/health/budgets", {}, seldom);
  const all = [backlog, credentials, today, failures, budgets];
  if (all.some(({ data, error }) => data === undefined && error === undefined)) return undefined;
  return [
    ...pointsOf(today, "What was called", (reply) => [
      failurePoint(reply, failures.data?.data),
      unpricedPoint(reply),
    ]),
    ...pointsOf(budgets, "Budgets", (reply) => [budgetPoint(reply.budgets)]),
    ...pointsOf(credentials, "Credentials", (reply) => [credentialPoint(reply.credentials)]),
    ...pointsOf(backlog, "What was lost", backlogPoints),
  ];
}

/** What cannot be read is not well. */
function pointsOf<Reply>(
  { data, error }: ApiState<Reply>,
  what: string,
  read: (reply: Reply) => Point[],
): Point[] {
  if (error !== undefined || data === undefined) {
    return [{ light: "bad", text: `${what} could not be read.`, remedy: error?.message ?? "" }];
  }
  return read(data);
}
