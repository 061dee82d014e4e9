import { PageHeader } from "../../parts/page-header.tsx";

/** Routes. */
export function RoutesPage() {
  return <PageHeader title="Routes" />;
}
