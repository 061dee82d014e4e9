import { createContext, useContext } from "react";
import type { SchemaReply, SettingWords } from "../../endpoint.ts";
import type { RouteValues } from "./form-state.ts";
import type { Faults } from "../../fault-places.ts";

/** What the form gives to each of its settings. */
export interface RouteFormLink {
  readonly values: RouteValues;
  readonly set: (changes: Partial<RouteValues>) => void;
  /** The user has been at this setting: from now on its faults are shown. */
  readonly touch: (name: string) => void;
  /** Those that are shown. */
  readonly faults: Faults;
  readonly schema: SchemaReply | undefined;
  readonly isNew: boolean;
}

export const FormContext = createContext<RouteFormLink | null>(null);

/** The form around a setting. */
export function useRouteFormLink(): RouteFormLink {
  const link = useContext(FormContext);
  if (link === null) throw new Error("a setting stands outside of its form");
  return link;
}

/** A setting in the schema's words. */
export function wordsOf(schema: SchemaReply | undefined, name: string): SettingWords | undefined {
  return schema?.fields.find((one) => one.name === name);
}

/** The schema's description, and what holds where the setting is left out. */
export function hintOf(schema: SchemaReply | undefined, name: string): string | undefined {
  const words = wordsOf(schema, name);
  if (words === undefined) return undefined;
  const { description, default: standard } = words;
  const isTold = typeof standard === "number" || typeof standard === "string";
  return isTold ? `${description} Left empty: ${standard}.` : description;
}
