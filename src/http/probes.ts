import { version } from "../version.ts";

/**
 * For probes: the process lives, and it can serve. Without a key, without a word of the configuration, and without
 * the framework, which a gateway that is only probed need not read.
 */
export const probes: Readonly<Record<string, () => Response>> = {
  "/health/liveliness": alive,
  "/health/liveness": alive,
  "/health/readiness": () => Response.json({ status: "healthy", version }),
};

function alive(): Response {
  return new Response("I'm alive!");
}
