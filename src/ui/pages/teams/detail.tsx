import { PageHeader } from "../../parts/page-header.tsx";

/** Team. */
export function TeamDetailPage() {
  return <PageHeader title="Team" />;
}
