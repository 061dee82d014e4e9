import { PageHeader } from "../../parts/page-header.tsx";

/** Config. */
export function ConfigPage() {
  return <PageHeader title="Config" />;
}
