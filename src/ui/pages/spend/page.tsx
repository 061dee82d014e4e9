import { PageHeader } from "../../parts/page-header.tsx";

/** Spend. */
export function SpendPage() {
  return <PageHeader title="Spend" />;
}
