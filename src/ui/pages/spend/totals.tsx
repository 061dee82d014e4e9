import { count, countShort, percent, usdExact, usd } from "../../format.ts";
import { Stat, StatRow } from "../../parts/stat.tsx";
import type { Sums } from "../../sums.ts";

/** What all calls of the time came to. */
export function Totals({ whole }: { readonly whole: Sums }) {
  const { spend, calls, failed, unpriced, tokensIn, tokensOut } = whole;
  const share = (part: number) => (calls === 0 ? "no calls" : `${percent(part / calls)} of all`);
  return (
    <StatRow>
      <Stat
        label="Spend"
        value={<span title={usdExact(spend)}>{usd(spend)}</span>}
        hint={unpriced > 0 ? "of the calls whose cost is known" : "of all calls"}
      />
      <Stat label="Calls" value={count(calls)} hint="that passed authentication" />
      <Stat
        label="Failed"
        value={count(failed)}
        hint={share(failed)}
        {...(failed > 0 ? { kind: "warn" as const } : {})}
      />
      <Stat
        label="Unpriced"
        value={count(unpriced)}
        hint={unpriced > 0 ? "cost not known: see below" : "every cost is known"}
        {...(unpriced > 0 ? { kind: "warn" as const } : {})}
      />
      <Stat label="Tokens in" value={<Tokens count={tokensIn} />} hint="as replies told" />
      <Stat label="Tokens out" value={<Tokens count={tokensOut} />} hint="as replies told" />
    </StatRow>
  );
}

function Tokens({ count: tokens }: { readonly count: number }) {
  return <span title={count(tokens)}>{tokens < 1e6 ? count(tokens) : countShort(tokens)}</span>;
}
