import { useEffect, useState } from "react";
import { ApiError } from "../../api.ts";
import type { Settings } from "../../endpoint.ts";
import { tryEndpoint } from "../../endpoint-api.ts";
import { type PlacedFaults, placeFaults } from "../../fault-places.ts";
import { labels } from "./labels.ts";

const settledMs = 600;
const nothing: PlacedFaults = { faults: {}, others: [] };

/** What the gateway says of a change that is not made yet. */
export interface DryRun extends PlacedFaults {
  readonly state: "idle" | "checking" | "good" | "faulty";
  /** What a refusal said; shown until the setting changes. */
  readonly show: (error: ApiError) => void;
  /** These settings have changed: what was said of them is past. */
  readonly forget: (names: readonly string[]) => void;
}

/** Asks once the settings have stood still for a moment; null asks nothing. */
export function useDryRun(id: string | null, settings: Settings | null): DryRun {
  const [placed, setPlaced] = useState(nothing);
  const [state, setState] = useState<DryRun["state"]>("idle");
  const body = settings === null ? null : JSON.stringify(settings);

  useEffect(() => {
    setState(body === null ? "idle" : "checking");
    if (body === null) return;
    const abort = new AbortController();
    const ask = async () => {
      try {
        await tryEndpoint(id, JSON.parse(body), abort.signal);
        setPlaced(nothing);
        setState("good");
      } catch (error) {
        if (abort.signal.aborted) return;
        const isRefusal = error instanceof ApiError && error.status === 400;
        setPlaced(isRefusal ? placesOf(error) : nothing);
        setState(isRefusal ? "faulty" : "idle");
      }
    };
    const timer = setTimeout(() => void ask(), settledMs);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [id, body]);

  const forget = (names: readonly string[]) =>
    setPlaced(({ faults }) => ({
      faults: Object.fromEntries(Object.entries(faults).filter(([name]) => !names.includes(name))),
      others: [],
    }));
  return { ...placed, state, show: (error) => setPlaced(placesOf(error)), forget };
}

function placesOf({ faults, message }: ApiError): PlacedFaults {
  return placeFaults(faults.length === 0 ? [message] : faults, Object.keys(labels));
}
