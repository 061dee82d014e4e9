import { unknownText, usd, usdExact } from "../format.ts";

export interface MoneyProps {
  /** Dollars; null is not known. */
  readonly usd: number | null | undefined;
  /** Why it is not known. */
  readonly why?: string | null | undefined;
}

/** An amount; the exact one is its title. */
export function Money({ usd: dollars, why }: MoneyProps) {
  if (dollars === null || dollars === undefined) {
    return (
      <span className="money muted" title={why ?? undefined}>
        {unknownText}
      </span>
    );
  }
  return (
    <span className="money" title={usdExact(dollars)}>
      {usd(dollars)}
    </span>
  );
}
