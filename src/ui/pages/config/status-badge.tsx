import { Badge, type BadgeKind } from "../../parts/badge.tsx";

const kinds: Readonly<Record<string, BadgeKind>> = {
  honoured: "ok",
  differs: "info",
  ignored: "neutral",
  unsafe: "bad",
  "not yet": "warn",
  fault: "bad",
  warning: "warn",
};

/** What becomes of a key, as a word with a colour. */
export function KeyStatusBadge({ status }: { readonly status: string }) {
  return <Badge kind={kinds[status] ?? "neutral"}>{status}</Badge>;
}
