import { Fragment } from "react";

/** An address that may be broken after its slashes and dots. */
export function Breakable({ text }: { readonly text: string }) {
  return text.split(/(?<=[/.])(?![/.])/).map((part, index) => (
    <Fragment key={index}>
      {index > 0 && <wbr />}
      {part}
    </Fragment>
  ));
}
