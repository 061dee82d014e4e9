import { type ComponentType, type ReactNode, useEffect, useState } from "react";

/** A component whose code is not there yet. */
export interface Late<Props> {
  (props: Props): ReactNode;
  /** Has its code loaded before it is shown. */
  load(): Promise<unknown>;
}

/**
 * Shows `waiting` until the code is there. Without `lazy` and `Suspense`, which hold back what comes within
 * 300 ms of a fallback, and show one even where the code has been loaded before.
 */
export function late<Props extends object>(
  fetchCode: () => Promise<ComponentType<Props>>,
  waiting: ReactNode,
): Late<Props> {
  let loaded: ComponentType<Props> | null = null;
  const load = async () => (loaded ??= await fetchCode());

  function LateComponent(props: Props) {
    const [isThere, setThere] = useState(loaded !== null);
    const [failure, setFailure] = useState<{ readonly error: unknown } | null>(null);
    useEffect(() => {
      if (isThere) return;
      let isGone = false;
      const unlessGone = (change: () => void) => void (isGone || change());
      load().then(
        () => unlessGone(() => setThere(true)),
        (error: unknown) => unlessGone(() => setFailure({ error })),
      );
      return () => void (isGone = true);
    }, [isThere]);
    if (failure !== null) throw failure.error;
    const Loaded = loaded;
    return Loaded === null ? waiting : <Loaded {...props} />;
  }
  return Object.assign(LateComponent, { load });
}
