import { type ComponentType, lazy } from "react";

const RoutesPage = lazy(() =>
  import("./pages/routes/list.tsx").then((page) => ({ default: page.RoutesPage })),
);
const RouteFormPage = lazy(() =>
  import("./pages/routes/form.tsx").then((page) => ({ default: page.RouteFormPage })),
);
const TestPage = lazy(() =>
  import("./pages/test/page.tsx").then((page) => ({ default: page.TestPage })),
);
const LogsPage = lazy(() =>
  import("./pages/logs/list.tsx").then((page) => ({ default: page.LogsPage })),
);
const LogDetailPage = lazy(() =>
  import("./pages/logs/detail.tsx").then((page) => ({ default: page.LogDetailPage })),
);
const KeysPage = lazy(() =>
  import("./pages/keys/list.tsx").then((page) => ({ default: page.KeysPage })),
);
const KeyDetailPage = lazy(() =>
  import("./pages/keys/detail.tsx").then((page) => ({ default: page.KeyDetailPage })),
);
const TeamsPage = lazy(() =>
  import("./pages/teams/list.tsx").then((page) => ({ default: page.TeamsPage })),
);
const TeamDetailPage = lazy(() =>
  import("./pages/teams/detail.tsx").then((page) => ({ default: page.TeamDetailPage })),
);
const SpendPage = lazy(() =>
  import("./pages/spend/page.tsx").then((page) => ({ default: page.SpendPage })),
);
const HealthPage = lazy(() =>
  import("./pages/health/page.tsx").then((page) => ({ default: page.HealthPage })),
);
const ConfigPage = lazy(() =>
  import("./pages/config/page.tsx").then((page) => ({ default: page.ConfigPage })),
);
const AuditPage = lazy(() =>
  import("./pages/audit/page.tsx").then((page) => ({ default: page.AuditPage })),
);

/** Every page by its path; the first that matches is shown, and its code is loaded only then. */
export const pages: readonly (readonly [path: string, page: ComponentType])[] = [
  ["/routes", RoutesPage],
  ["/routes/new", RouteFormPage],
  ["/routes/:id", RouteFormPage],
  ["/test", TestPage],
  ["/logs", LogsPage],
  ["/logs/:id", LogDetailPage],
  ["/keys", KeysPage],
  ["/keys/:id", KeyDetailPage],
  ["/teams", TeamsPage],
  ["/teams/:id", TeamDetailPage],
  ["/spend", SpendPage],
  ["/health", HealthPage],
  ["/config", ConfigPage],
  ["/audit", AuditPage],
];
