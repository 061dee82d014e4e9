import { PageHeader } from "../../parts/page-header.tsx";

/** Health. */
export function HealthPage() {
  return <PageHeader title="Health" />;
}
