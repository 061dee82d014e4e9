import { PageHeader } from "../../parts/page-header.tsx";

/** Teams. */
export function TeamsPage() {
  return <PageHeader title="Teams" />;
}
