import { PageHeader } from "../../parts/page-header.tsx";

/** Test. */
export function TestPage() {
  return <PageHeader title="Test" />;
}
