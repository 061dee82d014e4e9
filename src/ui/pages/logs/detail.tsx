import { PageHeader } from "../../parts/page-header.tsx";

/** Call. */
export function LogDetailPage() {
  return <PageHeader title="Call" />;
}
