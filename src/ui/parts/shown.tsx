import { oneLine, revealed } from "./reveal.ts";

export interface ShownProps {
  /** Of a caller's or an upstream's choosing. */
  readonly text: string;
  /** So many characters at most. */
  readonly most?: number;
}

/** A text from outside on one line: nothing in it is hidden, turns what stands beside it, or widens the page. */
export function Shown({ text, most = 80 }: ShownProps) {
  const short = oneLine(text, most);
  const whole = revealed(text.slice(0, 2_000));
  return (
    <bdi className="shown" title={short === whole ? undefined : whole}>
      {short}
    </bdi>
  );
}
