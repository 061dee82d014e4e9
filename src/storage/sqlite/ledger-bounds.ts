import type { CountedRow } from "./ledger-added-rows.ts";
import {
  chosenKinds,
  everyName,
  manyOf,
  maxChosen,
  type NameKind,
  nameOfNumber,
  nameOfText,
} from "./ledger-block-names.ts";

/** What a block says of its rows with one name. A cost that is not known is -1. */
export interface Bounds {
  calls: number;
  firstStart: number;
  lastStart: number;
  leastCost: number;
  mostCost: number;
  leastMs: number;
  mostMs: number;
  leastStatus: number;
  mostStatus: number;
  /** Where in the block they are: the first ones. */
  readonly places: number[];
}

/** A name with more rows in a block is found by a look at all of them. */
export const maxPlaces = 50;

const numbered = ["key", "team", "user", "route", "provider", "error", "status", "failed"] as const;

/** Gathers a block's rows. */
export function boundsBuilder() {
  const bounds = new Map<number, Bounds>();
  const chosen = chosenKinds.map((kind) => ({
    kind,
    many: new Map<number, Bounds>(),
    texts: new Map<string, Bounds>(),
  }));
  const add = (row: CountedRow, place: number) => {
    addTo(bounds, everyName, row, place);
    for (const kind of numbered) {
      const id = row[kind];
      if (id !== null) addTo(bounds, nameOfNumber(kind, id), row, place);
    }
    for (const { kind, many, texts } of chosen) {
      for (const text of textsOf(row, kind)) {
        addTo(many, manyOf(kind), row, place);
        if (texts.size <= maxChosen) addTo(texts, text, row, place);
      }
    }
  };
  /** By name, as blocks know it. */
  const result = (): ReadonlyMap<number, Bounds> => {
    for (const { kind, many, texts } of chosen) {
      if (texts.size > maxChosen) for (const [name, one] of many) bounds.set(name, one);
      else for (const [text, one] of texts) bounds.set(nameOfText(kind, text), one);
    }
    return bounds;
  };
  return { add, result };
}

const none: readonly string[] = [];

function textsOf(row: CountedRow, kind: NameKind): readonly string[] {
  if (kind === "tag") return row.tags;
  const text = kind === "model" ? row.model : row.endUser;
  return text === null ? none : [text];
}

function addTo<Name>(all: Map<Name, Bounds>, name: Name, row: CountedRow, place: number): void {
  const { startedAt, durationMs, status } = row;
  const cost = row.costNanoUsd ?? -1;
  const one = all.get(name);
  if (one === undefined) {
    all.set(name, {
      calls: 1,
      firstStart: startedAt,
      lastStart: startedAt,
      leastCost: cost,
      mostCost: cost,
      leastMs: durationMs,
      mostMs: durationMs,
      leastStatus: status,
      mostStatus: status,
      places: [place],
    });
    return;
  }
  one.calls += 1;
  if (one.calls <= maxPlaces) one.places.push(place);
  if (startedAt < one.firstStart) one.firstStart = startedAt;
  if (startedAt > one.lastStart) one.lastStart = startedAt;
  if (cost < one.leastCost) one.leastCost = cost;
  if (cost > one.mostCost) one.mostCost = cost;
  if (durationMs < one.leastMs) one.leastMs = durationMs;
  if (durationMs > one.mostMs) one.mostMs = durationMs;
  if (status < one.leastStatus) one.leastStatus = status;
  if (status > one.mostStatus) one.mostStatus = status;
}
