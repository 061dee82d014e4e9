import type { EndpointBook, PrepareEndpoints, StoredEndpoint } from "../core/endpoint-book.ts";
import { GatewayError } from "../core/errors.ts";
import type { AuditLog } from "../core/key-book.ts";
import { Follower } from "./follower.ts";
import { endpointView, type Plan, planOfChange, planOfCreate, planOfRemove } from "./plans.ts";
import { resealed, sealedRecord } from "./sealed-record.ts";
import { type SealerSource, Shelf, type Store } from "./shelf.ts";

export interface EndpointBookOptions {
  readonly store: Store;
  readonly sealing: SealerSource;
  /** Of the same store. */
  readonly audit: AuditLog["record"];
  /** Not called at the opening: whoever opens the book puts in force what is in it. */
  readonly prepare: PrepareEndpoints;
  /** Epoch milliseconds. */
  readonly now?: () => number;
  /** Told where another process's change cannot be read or served: what was in force stays until the next one. */
  readonly onFault?: (error: unknown) => void;
}

/** How often a change is planned anew because another process wrote in between. */
const attempts = 5;

/**
 * The endpoints of a store. Throws a `StoreError` where one of their secrets cannot be opened: a gateway that started
 * without it would call upstreams without their keys.
 */
export function openEndpointBook(options: EndpointBookOptions): EndpointBook {
  const { store, sealing, audit, prepare, now = Date.now, onFault = () => {} } = options;
  const shelf = new Shelf(store, sealing);
  const follower = new Follower(shelf, store, { prepare, onFault });
  const made = (by: string) => ({ at: now(), by });
  return {
    all: () => shelf.all,
    find: (id) => shelf.find(id),
    tryOut: (attempt) => {
      shelf.load();
      const planned =
        attempt.kind === "change"
          ? planOfChange(shelf, attempt.id, attempt, made(""))
          : planOfCreate(shelf, attempt.id, attempt.settings, made(""));
      prepare(planned.next, endpointOf(planned).id);
    },
    create: (id, settings, actor) =>
      carryOut("endpoint.create", actor, () => planOfCreate(shelf, id, settings, made(actor))),
    change: (id, changes, version, actor) =>
      carryOut("endpoint.change", actor, () =>
        planOfChange(shelf, id, { changes, version }, made(actor)),
      ),
    remove: (id, version, actor) =>
      carryOut("endpoint.remove", actor, () => planOfRemove(shelf, id, version)),
    reseal: (actor) => resealAll(options, actor),
    refresh: () => follower.refresh(),
  };

  function carryOut(action: string, actor: string, plan: () => Plan): StoredEndpoint {
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      shelf.load();
      const planned = plan();
      const subject = endpointOf(planned);
      const inForce = prepare(planned.next, subject.id);
      if (!write(planned, { action, actor })) continue;
      shelf.keep(planned.next);
      inForce();
      follower.served(planned.next);
      return subject;
    }
    throw new GatewayError("version_conflict");
  }

  /** False where another process wrote since it was planned: then nothing is written. */
  function write(planned: Plan, by: { readonly action: string; readonly actor: string }): boolean {
    const { before, after } = planned;
    return store.atomically(() => {
      if (!shelf.isCurrent()) return false;
      if (after === null) store.removeEndpoint(endpointOf(planned).id);
      else if (before === null) store.addEndpoint(sealedRecord(after, sealing.sealer()));
      else store.putEndpoint(sealedRecord(after, sealing.sealer()));
      audit({
        ...by,
        subject: endpointOf(planned).id,
        before: before && endpointView(before),
        after: after && endpointView(after),
      });
      return true;
    });
  }
}

/** What a change is about, as it is after it, or was last. */
function endpointOf({ before, after }: Plan): StoredEndpoint {
  const endpoint = after ?? before;
  if (endpoint === null) throw new Error("a change of nothing");
  return endpoint;
}

function resealAll({ store, sealing, audit }: EndpointBookOptions, actor: string): number {
  return store.atomically(() => {
    sealing.renew();
    const sealer = sealing.sealer();
    let count = 0;
    for (const record of store.endpoints()) {
      const [fresh, texts] = resealed(record, sealer);
      if (texts > 0) store.putEndpoint(fresh);
      count += texts;
    }
    const after = JSON.stringify({ kid: sealer.kid, resealed: count });
    audit({ actor, action: "salt_key.rotate", subject: "salt_key", before: null, after });
    return count;
  });
}
