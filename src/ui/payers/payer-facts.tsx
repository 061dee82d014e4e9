import type { PayerShape } from "../../http/payer-shape.ts";
import { count, usd } from "../format.ts";
import { JsonView } from "../parts/json-view.tsx";
import { Time } from "../parts/time.tsx";
import { type Fact, Names } from "./facts.tsx";
import { budgetOf } from "./limits-text.ts";
import { type ModelLimit, payerFormOf } from "./payer-form.ts";

/** What keys and teams have in common, to be read. A key of a team is held by the team's lists where it has none. */
export function payerFacts(payer: PayerShape, isOfTeam = false): readonly Fact[] {
  const everything = (what: string) =>
    isOfTeam ? `as its team has it, or every ${what}` : `every ${what}`;
  const limits = payerFormOf(payer).modelLimits;
  return [
    [
      "Budget",
      payer.max_budget === null ? null : budgetOf(payer.max_budget, payer.budget_duration),
    ],
    ["Requests per minute", amount(payer.rpm_limit)],
    ["Tokens per minute", amount(payer.tpm_limit)],
    ["Calls at once", amount(payer.max_parallel_requests)],
    ["Routes", <Names names={payer.allowed_passthrough_routes} none={everything("route")} />],
    ["Paths", <Names names={payer.allowed_routes} none={everything("path")} />],
    [
      "Models",
      <Names
        names={payer.models}
        none={isOfTeam ? "every model that its team may use" : "every model"}
      />,
    ],
    [
      "Limits by model",
      limits.length === 0 ? null : <Names names={limits.map(limitText)} none="" />,
    ],
    ["Tags", payer.tags.length === 0 ? null : <Names names={payer.tags} none="" />],
    [
      "Metadata",
      isEmpty(payer.metadata) ? null : <JsonView value={payer.metadata} label="Metadata" />,
    ],
    ["Created", <Moment at={payer.created_at} by={payer.created_by} />],
    ["Changed", <Moment at={payer.updated_at} by={payer.updated_by} />],
  ];
}

function amount(limit: number | null): string | null {
  return limit === null ? null : count(limit);
}

function limitText({ model, rpm, tpm, budget, period }: ModelLimit): string {
  const parts = [
    ...(rpm === null ? [] : [`${count(rpm)} requests per minute`]),
    ...(tpm === null ? [] : [`${count(tpm)} tokens per minute`]),
    ...(budget === null ? [] : [`${usd(budget)} ${period === "" ? "in all" : `per ${period}`}`]),
  ];
  return `${model}: ${parts.join(", ")}`;
}

function isEmpty(metadata: unknown): boolean {
  return JSON.stringify(metadata ?? {}) === "{}";
}

function Moment({ at, by }: { readonly at: string; readonly by: string }) {
  return (
    <>
      <Time at={at} /> <span className="muted">by</span> <bdi className="break">{by}</bdi>
    </>
  );
}
