import { PageHeader } from "../../parts/page-header.tsx";

/** Key. */
export function KeyDetailPage() {
  return <PageHeader title="Key" />;
}
