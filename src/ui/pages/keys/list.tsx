import { PageHeader } from "../../parts/page-header.tsx";

/** Keys. */
export function KeysPage() {
  return <PageHeader title="Keys" />;
}
