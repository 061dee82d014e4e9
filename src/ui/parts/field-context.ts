import { createContext, useContext } from "react";

/** What a field tells the control within it. */
export interface FieldLink {
  readonly id: string;
  readonly describedBy: string | undefined;
  readonly isInvalid: boolean;
  readonly isRequired: boolean;
}

export const FieldContext = createContext<FieldLink | null>(null);

/** Attributes that tie a control to its label, hint and error; nothing outside of a field. */
export function useFieldLink() {
  const link = useContext(FieldContext);
  if (link === null) return {};
  return {
    id: link.id,
    "aria-describedby": link.describedBy,
    "aria-invalid": link.isInvalid || undefined,
    "aria-required": link.isRequired || undefined,
  };
}
