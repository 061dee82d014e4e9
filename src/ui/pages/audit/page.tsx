import { PageHeader } from "../../parts/page-header.tsx";

/** Audit. */
export function AuditPage() {
  return <PageHeader title="Audit" />;
}
