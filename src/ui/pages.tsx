import type { ComponentType } from "react";
import { type Late, late } from "./late.tsx";
import { Skeleton } from "./parts/progress.tsx";

type Page = Late<object>;

const routeForm = page(() => import("./pages/routes/form.tsx").then((code) => code.RouteFormPage));

/** Every page by its path; the first that fits is shown, and its code is loaded only then, or while there is time. */
export const pages: readonly (readonly [path: string, page: Page])[] = [
  ["/routes", page(() => import("./pages/routes/list.tsx").then((code) => code.RoutesPage))],
  ["/routes/new", routeForm],
  ["/routes/:id", routeForm],
  ["/test", page(() => import("./pages/test/page.tsx").then((code) => code.TestPage))],
  ["/logs", page(() => import("./pages/logs/list.tsx").then((code) => code.LogsPage))],
  ["/logs/:id", page(() => import("./pages/logs/detail.tsx").then((code) => code.LogDetailPage))],
  ["/keys", page(() => import("./pages/keys/list.tsx").then((code) => code.KeysPage))],
  ["/keys/:id", page(() => import("./pages/keys/detail.tsx").then((code) => code.KeyDetailPage))],
  ["/teams", page(() => import("./pages/teams/list.tsx").then((code) => code.TeamsPage))],
  [
    "/teams/:id",
    page(() => import("./pages/teams/detail.tsx").then((code) => code.TeamDetailPage)),
  ],
  ["/spend", page(() => import("./pages/spend/page.tsx").then((code) => code.SpendPage))],
  ["/health", page(() => import("./pages/health/page.tsx").then((code) => code.HealthPage))],
  ["/config", page(() => import("./pages/config/page.tsx").then((code) => code.ConfigPage))],
  ["/audit", page(() => import("./pages/audit/page.tsx").then((code) => code.AuditPage))],
];

function page(fetchCode: () => Promise<ComponentType<object>>): Page {
  return late(fetchCode, <Skeleton lines={8} />);
}

/** Starts to load the code of the page at this path, while the gateway is still asked who is there. */
export function loadPageAt(path: string): void {
  const found = pages.find(([pattern]) => fits(pattern, path === "/" ? "/routes" : path));
  void found?.[1].load().catch(ignored);
}

function fits(pattern: string, path: string): boolean {
  const parts = path.split("/");
  const wanted = pattern.split("/");
  return (
    wanted.length === parts.length &&
    wanted.every((part, index) => part.startsWith(":") || part === parts[index])
  );
}

/** Leaves the first page its time: what it shows comes first. */
const firstPageMs = 1000;

/** Loads the code of all pages, one after the other, while the browser has nothing else to do. */
export async function loadPagesWhenIdle(): Promise<void> {
  await new Promise((resolve) => void setTimeout(resolve, firstPageMs));
  for (const [, { load }] of pages) {
    await idle();
    await load().catch(ignored);
  }
}

/** A page whose code cannot be had says so when it is shown. */
function ignored(): void {}

/** Not in every browser. */
function idle(): Promise<unknown> {
  return new Promise((resolve) => {
    if (typeof requestIdleCallback === "function") requestIdleCallback(resolve);
    else setTimeout(resolve, 200);
  });
}
