import { ButtonLink } from "../parts/button.tsx";
import { EmptyState } from "../parts/empty.tsx";
import { PageHeader } from "../parts/page-header.tsx";

/** For an address that is no page. */
export function NotFoundPage() {
  return (
    <>
      <PageHeader title="There is no such page" />
      <EmptyState title="Nothing is at this address." text="The link may be old, or mistyped.">
        <ButtonLink href="/routes">To the routes</ButtonLink>
      </EmptyState>
    </>
  );
}
