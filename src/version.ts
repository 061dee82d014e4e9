import { version as packageVersion } from "../package.json" with { type: "json" };

declare const TOLLGATE_VERSION: string | undefined;
declare const TOLLGATE_COMMIT: string | undefined;

/** Set by the build; from source, what package.json says. */
export const version: string =
  typeof TOLLGATE_VERSION === "undefined" ? packageVersion : TOLLGATE_VERSION;

/** The short commit hash of the build, with `-dirty` where files had changed; `source` when not built. */
export const commit: string = typeof TOLLGATE_COMMIT === "undefined" ? "source" : TOLLGATE_COMMIT;
