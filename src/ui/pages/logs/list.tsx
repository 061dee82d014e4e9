import { PageHeader } from "../../parts/page-header.tsx";

/** Logs. */
export function LogsPage() {
  return <PageHeader title="Logs" />;
}
