import { Fragment, type ReactNode } from "react";

/** A setting and what it is set to; null stands for nothing set. */
export type Fact = readonly [label: string, value: ReactNode];

/** Settings with their values, to be read. */
export function Facts({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl className="payer-facts">
      {facts.map(([label, value]) => (
        <Fragment key={label}>
          <dt>{label}</dt>
          <dd>{value ?? <span className="muted">none</span>}</dd>
        </Fragment>
      ))}
    </dl>
  );
}

/** A list of names, each on a line; `none` says what an empty one means. */
export function Names({
  names,
  none,
}: {
  readonly names: readonly string[];
  readonly none: string;
}) {
  if (names.length === 0) return <span className="muted">{none}</span>;
  return (
    <ul className="payer-names">
      {names.map((name, index) => (
        <li key={index} className="mono break">
          {name}
        </li>
      ))}
    </ul>
  );
}
