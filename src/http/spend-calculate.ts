import { type Static, Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import { unitOf, writtenUnit, writtenUsage } from "../config/unit-names.ts";
import type { UsageFormat } from "../core/metering.ts";
import { usdOfNano } from "../core/money.ts";
import type { Priceable, Prices, Unpriced } from "../core/pricing.ts";
import { bytesPerToken, isCount, type Unit, type Usage, units } from "../core/usage.ts";
import { type AdminDeps, adminAuth } from "./admin-auth.ts";
import { refuse } from "./field-faults.ts";
import { adminRoute } from "./operation.ts";
import { readFields } from "./read-request.ts";

/** What a cost is worked out with. */
export interface Calculation {
  /** Asked per call: a reload swaps them. */
  readonly prices: () => Prices;
  /** Reads the usage of a reply by its shape, whoever sent it; null: of none. */
  readonly format: UsageFormat | null;
}

/** `POST /spend/calculate`: what a call would cost, or did. LiteLLM's shape, and units as they stand in records. */
export const spendCalculate = (admin: AdminDeps, calculation: Calculation) =>
  new Elysia({ name: "spend-calculate" }).use(adminAuth(admin)).post(
    "/spend/calculate",
    async ({ request }) => {
      const asked = askedFor(await readFields(request, Body), calculation.format);
      return Response.json(await reply(asked, calculation.prices()));
    },
    adminRoute(calculated),
  );

type Asked = Omit<Priceable, "at" | "usage"> & {
  readonly usage: Usage | null;
  readonly estimated: boolean;
};

const Body = Type.Object({
  model: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 256,
      description: "gpt-4o, or openai/gpt-4o; left out, the one that completion_response names.",
    }),
  ),
  provider: Type.Optional(
    Type.String({ minLength: 1, maxLength: 64, description: "Whose prices; else told by model." }),
  ),
  messages: Type.Optional(
    Type.Array(Type.Unknown(), {
      meant: "a list of messages",
      description: "Of a chat that is yet to be sent: its input alone, from above.",
    }),
  ),
  completion_response: Type.Optional(
    Type.Record(Type.String(), Type.Unknown(), {
      meant: "a reply, as its provider sent it,",
      description: "A reply with the usage that it tells.",
    }),
  ),
  usage: Type.Optional(
    Type.Record(Type.String(), Type.Unknown(), {
      meant: "counts by unit",
      description: `Counts by unit: ${units.map(writtenUnit).join(", ")}.`,
    }),
  ),
});

const waysOfAsking = ["messages", "completion_response", "usage"] as const;

function askedFor(body: Static<typeof Body>, format: Calculation["format"]): Asked {
  const { messages, completion_response: response, usage } = body;
  const given = waysOfAsking.filter((name) => body[name] !== undefined);
  if (given.length !== 1) throw refuse([`One of ${waysOfAsking.join(", ")} is meant.`]);
  const named = { provider: body.provider ?? null, model: body.model ?? null };
  if (response !== undefined) return askedByReply(named, response, format);
  if (usage !== undefined) return { ...named, usage: usageOf(usage), estimated: false };
  return { ...named, usage: { input: inputOf(messages ?? []) }, estimated: true };
}

function askedByReply(
  { provider, model }: Pick<Asked, "provider" | "model">,
  response: Readonly<Record<string, unknown>>,
  format: UsageFormat | null,
): Asked {
  const fold = format?.fold({ method: "POST", path: "/", body: () => ({ model }) }) ?? null;
  if (fold === null || fold === "free") return { provider, model, usage: null, estimated: false };
  fold.add(response, null);
  const told = fold.result();
  if (told.isInvalid) throw refuse(["completion_response: its usage holds what is no count."]);
  return { provider, model: model ?? told.model, usage: told.usage, estimated: false };
}

function usageOf(written: Readonly<Record<string, unknown>>): Usage {
  const usage: Partial<Record<Unit, number>> = {};
  const faults: string[] = [];
  for (const [name, count] of Object.entries(written)) {
    const named = unitOf(name, []);
    if ("fault" in named) faults.push(`usage: a unit is meant. ${named.fault.remedy}`);
    else if (isCount(count)) usage[named.unit] = count;
    else faults.push(`usage.${name}: a count is meant, 0 or more.`);
  }
  if (faults.length > 0) throw refuse([...new Set(faults)]);
  return usage;
}

/** Four bytes a token: text in most languages has fewer tokens. */
function inputOf(messages: readonly unknown[]): number {
  return Math.ceil(Buffer.byteLength(JSON.stringify(messages)) / bytesPerToken);
}

async function reply({ estimated, usage, ...named }: Asked, prices: Prices) {
  const counts = usage ?? {};
  const priced =
    usage === null ? noUsage : await prices.price({ ...named, usage: counts, at: Date.now() });
  const known = "source" in priced;
  return {
    cost: known ? usdOfNano(priced.nanoUsd) : null,
    source: known ? priced.source : null,
    reason: known ? null : reasons[priced.unpriced],
    estimated,
    usage: writtenUsage(counts),
  };
}

const noUsage = { unpriced: "no_usage" } as const;

const reasons: Readonly<Record<Unpriced, string>> = {
  no_usage: "no_usage: nothing was used, as far as is told.",
  no_model: "no_model: the model is not named.",
  no_price: "no_price: the model, or something of what it used, has no price.",
  unparsed: "unparsed: the reply cannot be read.",
  no_reply: "no_reply: there is no reply.",
};

const NullableText = Type.Union([Type.String(), Type.Null()]);

const calculated = {
  tag: "spend",
  summary: "What a call costs",
  description:
    "USD, by the prices of model_list and of the catalogue; prices of routes are not looked at. Null where there is no price, with the reason.",
  body: Body,
  reply: Type.Object({
    cost: Type.Union([Type.Number(), Type.Null()]),
    source: NullableText,
    reason: NullableText,
    estimated: Type.Boolean({ description: "Of messages, tokens are estimated from above." }),
    usage: Type.Record(Type.String(), Type.Number()),
  }),
};
