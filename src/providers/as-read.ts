import type { MeteredCall, UsageFold, UsageFormat } from "../core/metering.ts";
import { isConsistent } from "../core/usage.ts";
import { readingsOf } from "./call-path.ts";

/**
 * A format that sees each path as its upstream may read it (`readingsOf`), and PUT and PATCH as POST. Where it does not
 * know a call that writes, what the reply tells is read by its shape, as the format's own. Counts that contradict
 * each other are invalid. Calls are free only where no other reading of their path is left.
 */
export function asRead(format: UsageFormat, byShape: UsageFormat): UsageFormat {
  return {
    id: format.id,
    fold(call) {
      const fold = foldOf(format, call);
      if (fold === "free") return "free";
      if (fold !== null) return checked(fold, null);
      const guessed = byShape.fold(callAt(call, "/"));
      if (guessed === null || guessed === "free") return null;
      return checked(guessed, format === byShape ? null : format.id);
    },
    modelOfPath(path) {
      for (const reading of readingsOf(path)) {
        const model = format.modelOfPath(reading);
        if (model !== null) return model;
      }
      return null;
    },
    countsTokens: (call) =>
      readingsOf(call.path).some((path) => format.countsTokens(callAt(call, path))),
    usageOfHeaders: (headers) => format.usageOfHeaders?.(headers) ?? null,
  };
}

function foldOf(format: UsageFormat, call: MeteredCall): UsageFold | "free" | null {
  const readings = readingsOf(call.path);
  let isFree = false;
  for (const path of readings) {
    const fold = format.fold(callAt(call, path));
    if (fold !== null && fold !== "free") return fold;
    isFree ||= fold === "free";
  }
  const isClear = readings.length === 1 || !writing.has(call.method);
  return isFree && isClear ? "free" : null;
}

const writing = new Set(["POST", "PUT", "PATCH"]);

function callAt(call: MeteredCall, path: string): MeteredCall {
  const method = writing.has(call.method) ? "POST" : call.method;
  return { method, path, body: () => call.body() };
}

/** `provider`: whose the reply is, whatever its shape. */
function checked(fold: UsageFold, provider: string | null): UsageFold {
  return {
    markers: fold.markers,
    addsUp: fold.addsUp === true,
    add: (message, event) => fold.add(message, event),
    result() {
      const told = fold.result();
      return {
        ...told,
        provider: told.provider === null ? null : (provider ?? told.provider),
        isInvalid: told.isInvalid || (told.usage !== null && !isConsistent(told.usage)),
      };
    },
  };
}
