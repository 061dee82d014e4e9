import type { Route } from "../core/routes.ts";
import { checkBudget } from "./check-budget.ts";
import type { Holds } from "./compile-settings.ts";
import { ownAddress } from "./compile-reach.ts";
import { type Finding, fault, type KeyPath, warning } from "./findings.ts";
import { isLoopbackHost, isOwnListener, type Listener, onLoopback } from "./listener.ts";

/** What a route is checked against. */
export interface RouteChecks {
  readonly listener: Listener;
  /** There is a master key, or one that is wrong. */
  readonly hasMasterKey: boolean;
  /**
   * Of the admin API, with `SERVER_ROOT_PATH` before them; `{name}` stands for any one segment, and `/*` at the end
   * for the path before it and all that is below.
   */
  readonly adminPaths: readonly string[];
  readonly holds: Holds;
}

/** What is wrong or unsafe about a route at this place, though it is right in itself. */
export function checkRoute(route: Route, path: KeyPath, checks: RouteChecks): Finding[] {
  return [
    ...checkPath(route, [...path, "path"], checks.adminPaths),
    ...targetFindings(route, [...path, "target"], checks.listener),
    ...authFindings(route, [...path, "auth"], checks),
    ...checkBudget(route.limits.budget, [route], [...path, "max_budget"], checks.holds),
  ];
}

/** What is wrong or unsafe about where a route is served. */
export function checkPath(
  route: Pick<Route, "path" | "includeSubpath">,
  path: KeyPath,
  adminPaths: readonly string[],
): Finding[] {
  const segments = route.path.split("/");
  const at = (admin: string) => admin.split("/").length === segments.length;
  const meeting = adminPaths.filter((admin) => beginsWith(admin, segments));
  if (meeting.some(at) || adminPaths.some((admin) => covers(admin, route.path))) {
    const message = `${route.path} belongs to the admin API`;
    return [fault(path, message, "Choose another path.")];
  }
  if (!route.includeSubpath || meeting.length === 0) return [];
  const message = `the admin API answers ${meeting.join(", ")} below it`;
  return [warning(path, message, "Choose another path if the upstream has these too.")];
}

/** Whether all paths at and below one belong to the admin API, and this one does. */
function covers(admin: string, path: string): boolean {
  if (!admin.endsWith("/*")) return false;
  return `${path}/`.startsWith(admin.slice(0, -1));
}

/** Whether a path of the admin API is the one of `segments`, or can be below it. */
function beginsWith(admin: string, segments: readonly string[]): boolean {
  const own = admin.split("/");
  return segments.every((segment, index) => {
    const other = own[index];
    return other !== undefined && (other === segment || (other.startsWith("{") && segment !== ""));
  });
}

function targetFindings(route: Route, path: KeyPath, listener: Listener): Finding[] {
  const { origin } = route.target;
  if (isOwnListener(origin, listener)) {
    return [fault(path, ownAddress, "Name another upstream.")];
  }
  const { protocol, hostname } = new URL(origin);
  const host = hostname.replace(/^\[|\]$/g, "");
  if (!route.carriesCredentials || protocol === "https:" || isLoopbackHost(host)) return [];
  const message = "the credentials of this route leave unencrypted";
  return [warning(path, message, "Write https:// where the upstream has it.", "unsafe")];
}

function authFindings(route: Route, path: KeyPath, checks: RouteChecks): Finding[] {
  const { listener, hasMasterKey } = checks;
  const local = onLoopback(listener);
  if (route.carriesCredentials && route.auth !== "anyone" && !hasMasterKey && !local) {
    const message = "this route carries credentials, and there is no master key to guard it";
    const remedy = "Set general_settings.master_key, or auth: false to let anyone in.";
    return [fault(path, message, remedy, "unsafe")];
  }
  if (route.auth === "key") {
    if (hasMasterKey) return [];
    const message = `no key is valid without a master key: every call of ${route.path} is refused`;
    return [warning(path, message, "Set general_settings.master_key or LITELLM_MASTER_KEY.")];
  }
  if (!route.carriesCredentials) return [];
  const remedy = "Set auth: true to ask for a key.";
  if (route.auth === "anyone") {
    const message = `anyone who reaches this gateway may call ${route.path} with your credentials`;
    return [warning(path, message, remedy, "unsafe")];
  }
  if (!local) return [];
  const message = `anyone at this machine may call ${route.path} with your credentials, and so may everyone behind a proxy here that does not announce itself (stock nginx)`;
  return [warning(path, message, remedy, "unsafe")];
}
