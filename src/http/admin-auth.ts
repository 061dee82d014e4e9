import { Elysia } from "elysia";
import { GatewayError } from "../core/errors.ts";
import { withoutScheme } from "../core/key.ts";
import { checkAddress } from "../gateway/check-address.ts";
import type { GatewayRules } from "../gateway/pipeline.ts";
import type { Entrance } from "../core/types.ts";

/** What the admin API asks of the world. */
export interface AdminDeps {
  readonly rules: () => GatewayRules;
  /** `admin_hosts`, in lower case. */
  readonly adminHosts: () => ReadonlySet<string>;
  readonly entrance: Entrance;
}

const loopbackHost = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\]|0\.0\.0\.0)$/i;

/** Adds the `admin` macro: a route that sets it answers to the master key alone, and only under its own names. */
export const adminAuth = (deps: AdminDeps) =>
  new Elysia({ name: "admin-auth" }).macro({
    admin: {
      // An arrow function, not a method: Elysia reads its source, and misreads minified methods.
      resolve: ({ request }) => {
        const { addresses, keys } = deps.rules();
        checkAddress(() => deps.entrance.addressOf(request), request.headers.toJSON(), addresses);
        checkHost(request, deps.adminHosts());
        if (keys.masterKey === null) throw new GatewayError("key_unavailable");
        const { headers } = request;
        const custom = keys.keyHeader === null ? null : headers.get(keys.keyHeader);
        const shown = custom ?? headers.get("x-litellm-api-key") ?? headers.get("authorization");
        if (shown === null || !keys.masterKey.matches(withoutScheme(shown))) {
          throw new GatewayError("key_invalid", { headers: { "www-authenticate": "Bearer" } });
        }
        return {};
      },
    },
  });

/** A name that is rebound to this address is not one of ours. */
function checkHost(request: Request, adminHosts: ReadonlySet<string>): void {
  const host = (request.headers.get("host") ?? "").toLowerCase().replace(/:\d+$/, "");
  if (!loopbackHost.test(host) && !adminHosts.has(host)) throw new GatewayError("host_not_served");
}
