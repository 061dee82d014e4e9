import type { EndpointSettings } from "./endpoint-book.ts";

/** An endpoint of the config file, for people. */
export interface ConfiguredEndpoint {
  readonly id: string;
  /** As the file has it, references and all; what is no reference may be a secret. */
  readonly settings: EndpointSettings;
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** Variables of `enabled_if` that are not set; empty where it is on. */
  readonly unset: readonly string[];
}
