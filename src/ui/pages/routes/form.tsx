import { PageHeader } from "../../parts/page-header.tsx";

/** Route. */
export function RouteFormPage() {
  return <PageHeader title="Route" />;
}
