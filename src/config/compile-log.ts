import { Value } from "@sinclair/typebox/value";
import type { BodyLogging } from "../core/routes.ts";
import { type Finding, fault, type KeyPath, warning } from "./findings.ts";
import type { GeneralSettings } from "./general-schema.ts";
import type { LitellmSettings } from "./litellm-schema.ts";
import { LogForm } from "./log-schema.ts";
import { isRecord } from "./walk.ts";

/** What holds for the log of every endpoint. */
export interface LogDefaults {
  /** `store_prompts_in_spend_logs`: for endpoints that do not say. */
  readonly bodies: boolean;
  readonly maxBytes: number;
  /** The setting that keeps all bodies out; null where there is none. */
  readonly bodiesOff: "turn_off_message_logging" | "disable_spend_logs" | null;
}

export function logDefaults(general: GeneralSettings, litellm: LitellmSettings): LogDefaults {
  return {
    bodies: general.store_prompts_in_spend_logs === true,
    maxBytes: general.log_max_body_bytes ?? 65_536,
    bodiesOff:
      litellm.turn_off_message_logging === true
        ? "turn_off_message_logging"
        : general.disable_spend_logs === true
          ? "disable_spend_logs"
          : null,
  };
}

/** `log` of one endpoint. */
export interface CompiledLog {
  readonly keepsRows: boolean;
  /** Null where no bodies are kept. */
  readonly bodyLogging: BodyLogging | null;
  readonly findings: readonly Finding[];
}

/** `path` is that of the `log` key. Of a long form with a fault nothing more is said: its schema has. */
export function compileLog(written: unknown, path: KeyPath, defaults: LogDefaults): CompiledLog {
  const form = formOf(written);
  if (form === null) {
    const message = "off, metadata, bodies or a map is meant";
    const remedy = "Write bodies, or {bodies: true, max_bytes: 65536}.";
    return { keepsRows: true, bodyLogging: null, findings: [fault(path, message, remedy)] };
  }
  const { keepsRows = true, bodies = defaults.bodies } = form;
  const wanted = keepsRows && bodies;
  const findings = wanted ? outvoted(form, path, defaults) : needless(form, path);
  const bodyLogging =
    wanted && defaults.bodiesOff === null
      ? { maxBytes: form.max_bytes ?? defaults.maxBytes, share: form.sample ?? 1 }
      : null;
  return { keepsRows, bodyLogging, findings };
}

/** What a global setting makes of `store_prompts_in_spend_logs`. */
export function checkLogDefaults({ bodies, bodiesOff }: LogDefaults): Finding[] {
  if (!bodies || bodiesOff === null) return [];
  return [noBodies(["general_settings", "store_prompts_in_spend_logs"], bodiesOff)];
}

type Form = LogForm & { readonly keepsRows?: boolean };

/** The long form of what is written; null for what is none. */
function formOf(written: unknown): Form | null {
  if (written === undefined) return {};
  if (written === "off" || written === false) return { keepsRows: false };
  if (written === "metadata") return { bodies: false };
  if (written === "bodies") return { bodies: true };
  if (!isRecord(written)) return null;
  return Value.Check(LogForm, written) ? written : {};
}

/** Bodies that this endpoint asks for itself. */
function outvoted({ bodies }: Form, path: KeyPath, { bodiesOff }: LogDefaults): Finding[] {
  return bodies === true && bodiesOff !== null ? [noBodies(path, bodiesOff)] : [];
}

function noBodies(path: KeyPath, off: NonNullable<LogDefaults["bodiesOff"]>): Finding {
  const message =
    off === "disable_spend_logs"
      ? "general_settings.disable_spend_logs leaves no row to find bodies by: none are kept"
      : "litellm_settings.turn_off_message_logging keeps bodies out: none are kept";
  return warning(path, message, "Take one of the two out.", "ignored");
}

function needless(form: Form, path: KeyPath): Finding[] {
  return (["max_bytes", "sample"] as const)
    .filter((key) => form[key] !== undefined)
    .map((key) => {
      const message = "no bodies are kept, so this has no effect";
      return warning([...path, key], message, "Add bodies: true, or take it out.", "ignored");
    });
}
