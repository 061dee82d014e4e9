import { Link } from "wouter";
import { count, usdExact } from "../../format.ts";
import { StatusBadge } from "../../parts/badge.tsx";
import { Money } from "../../parts/money.tsx";
import { RouteName } from "../../parts/route-name.tsx";
import { Stat, StatRow } from "../../parts/stat.tsx";
import { callHref } from "../../hrefs.ts";
import { unitWords } from "../../units.ts";
import { reasonWords } from "../../unpriced.ts";
import { Shown } from "../../parts/shown.tsx";
import type { EndEvent } from "./events.ts";
import { isUnlogged } from "./unlogged.ts";
import type { TestRun } from "./run.ts";

/** What is known of the call by now. */
export function ResultFacts({ run }: { readonly run: TestRun }) {
  const { end, head } = run;
  const sent = run.sent.at(-1);
  const status = end?.status ?? head?.status;
  const callId = end?.call_id ?? sent?.call_id;
  const route = end === null ? sent?.route : end.route;
  if (status === undefined && sent === undefined) return null;
  return (
    <StatRow>
      <Stat label="Status" value={status === undefined ? "…" : <StatusBadge status={status} />} />
      <Stat label="Cost" value={end === null ? "…" : <Cost end={end} />} hint={costHint(end)} />
      <Stat
        label="Tokens and units"
        value={end === null ? "…" : <Usage usage={end.usage} />}
        {...(end?.model ? { hint: <Shown text={end.model} /> } : {})}
      />
      <Stat
        label="Route"
        value={<span className="test-fact">{route ? <RouteName id={route} /> : "none"}</span>}
      />
      <Stat
        label="Call"
        value={
          <span className="test-fact">
            <WhereLogged callId={callId} end={end} />
          </span>
        }
        hint={callId === undefined ? undefined : <span className="mono break">{callId}</span>}
      />
    </StatRow>
  );
}

interface WhereLoggedProps {
  readonly callId: string | undefined;
  readonly end: EndEvent | null;
}

/** The call's row; one that was refused before it was known who calls has none. */
function WhereLogged({ callId, end }: WhereLoggedProps) {
  if (end !== null && isUnlogged(end)) {
    return (
      <>
        Not in the logs: counted under{" "}
        <Link href="/health">Health → Refused before authentication</Link>
      </>
    );
  }
  return callId === undefined ? "…" : <Link href={callHref(callId)}>See it in the logs</Link>;
}

function Cost({ end }: { readonly end: EndEvent }) {
  return (
    <Money usd={end.cost_usd} why={end.cost_usd === null ? reasonWords(end.unpriced).why : null} />
  );
}

function costHint(end: EndEvent | null): string | undefined {
  if (end === null) return undefined;
  if (end.cost_usd === null) return reasonWords(end.unpriced).why;
  return end.estimated ? `${usdExact(end.cost_usd)}, estimated` : undefined;
}

function Usage({ usage }: { readonly usage: EndEvent["usage"] }) {
  const counts = Object.entries(usage ?? {}).filter(([, amount]) => amount !== 0);
  if (usage === null) return <span className="test-fact muted">unknown</span>;
  if (counts.length === 0) return <span className="test-fact">none</span>;
  return (
    <ul className="test-usage">
      {counts.map(([unit, amount]) => (
        <li key={unit}>
          {unitWords(unit)}: {count(amount)}
        </li>
      ))}
    </ul>
  );
}
