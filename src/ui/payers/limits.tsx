import { limitWords } from "./limits-text.ts";

/** Limits in words, each on a line. */
export function Limits({ payer }: { readonly payer: Parameters<typeof limitWords>[0] }) {
  const words = limitWords(payer);
  if (words.length === 0) return <span className="muted">none</span>;
  return (
    <ul className="payer-names">
      {words.map((text) => (
        <li key={text} className="nowrap">
          {text}
        </li>
      ))}
    </ul>
  );
}
