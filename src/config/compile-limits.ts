import { type Duration, parseDuration } from "../core/duration.ts";
import type { Limits } from "../core/limits.ts";
import { isTooSmall, type NanoUsd, nanoOfUsd } from "../core/money.ts";
import { type Finding, fault, type KeyPath, warning } from "./findings.ts";
import { durationForms } from "./schema-parts.ts";

/** The keys that limit, wherever they stand. */
export interface WrittenLimits {
  readonly rpm_limit?: number;
  readonly tpm_limit?: number;
  readonly max_parallel_requests?: number;
  readonly max_budget?: number;
  readonly cost_per_request?: number;
  readonly budget_duration?: string;
}

export interface CompiledLimits {
  readonly limits: Limits;
  readonly findings: readonly Finding[];
}

/** Limits as they are counted; `path` is where their keys stand. */
export function compileLimits(written: WrittenLimits, path: KeyPath): CompiledLimits {
  const { max_budget: budget, budget_duration: duration } = written;
  const place = [...path, "budget_duration"];
  const period = compileDuration(duration, place);
  const findings = [...period.findings, ...checkAmounts(written, path)];
  if (duration !== undefined && budget === undefined) {
    const message = "there is no max_budget whose period this could be";
    findings.push(warning(place, message, "Set max_budget, or take it out.", "ignored"));
  }
  return {
    limits: {
      rpm: written.rpm_limit ?? null,
      tpm: written.tpm_limit ?? null,
      parallel: written.max_parallel_requests ?? null,
      budget:
        budget === undefined ? null : { maxNanoUsd: nanoOfUsd(budget), period: period.duration },
    },
    findings,
  };
}

/** What is rounded away would make a budget nothing, and a price free. */
function checkAmounts(written: WrittenLimits, path: KeyPath): Finding[] {
  return (["max_budget", "cost_per_request"] as const)
    .filter((name) => isTooSmall(written[name] ?? 0))
    .map((name) =>
      fault(
        [...path, name],
        "less than a billionth of a dollar is not counted",
        "Write 0, or more.",
      ),
    );
}

/** A length of time, as far as it is one; null where it is left out or wrong. */
export function compileDuration(written: string | undefined, path: KeyPath) {
  const duration = written === undefined ? null : parseDuration(written);
  const findings: Finding[] = [];
  if (written !== undefined && duration === null) {
    const message = "this is no length of time, or one of more than ten years";
    findings.push(fault(path, message, `Write it ${lowerFirst(durationForms)}`));
  }
  return { duration, findings } satisfies { duration: Duration | null; findings: Finding[] };
}

/** What each reply costs; null is unknown, which is not 0. */
export function costOf(endpoint: { readonly cost_per_request?: number }): NanoUsd | null {
  const { cost_per_request: usd } = endpoint;
  return usd === undefined ? null : nanoOfUsd(usd);
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
