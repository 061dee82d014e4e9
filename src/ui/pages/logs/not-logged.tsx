import { ButtonLink } from "../../parts/button.tsx";
import { EmptyState } from "../../parts/empty.tsx";
import { routeHref } from "../../hrefs.ts";
import type { LogDetailReply } from "../../replies.ts";

/** There are no bodies of this call: why, and how to have them. */
export function NotLogged({ call }: { readonly call: LogDetailReply }) {
  return (
    <EmptyState
      title="Bodies and headers of this call were not logged."
      text="A route logs them with “log: bodies”, from then on. It may also have left out this call by its share, refused it before it was sent, or let go of it since."
    >
      {call.route !== "" && <ButtonLink href={routeHref(call.route)}>Open the route</ButtonLink>}
    </EmptyState>
  );
}
