import { useState } from "react";
import { api, useApi } from "../../api.ts";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { Card } from "../../parts/card.tsx";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { ConfirmDialog } from "../../parts/dialog.tsx";
import { ErrorNote } from "../../parts/error-note.tsx";
import { Relative } from "../../parts/relative.tsx";
import { signedOut } from "../../session.ts";
import { every } from "./every.ts";
import type { OpenSessionReply, OpenSessionsReply } from "./replies.ts";

const path = "/ui/sessions";

/** Browsers that are signed in to this page, and an end to all of them. */
export function SessionsCard() {
  const { data, error, reload } = useApi<OpenSessionsReply>(path, {}, every);
  const [isAsking, setAsking] = useState(false);
  const signAllOut = async () => {
    await api.delete(path);
    signedOut();
  };
  return (
    <Card
      title="Signed-in browsers"
      actions={<Button onClick={() => setAsking(true)}>Sign all out</Button>}
      flush
    >
      {error !== undefined ? (
        <ErrorNote error={error} what="They could not be read." retry={() => void reload()} />
      ) : (
        <DataTable
          caption="Browsers that are signed in, the last seen first"
          columns={columns}
          rows={data?.sessions}
          rowKey={({ id }) => id}
        />
      )}
      <ConfirmDialog
        open={isAsking}
        onClose={() => setAsking(false)}
        title="Sign all browsers out?"
        text="Everybody who uses this page has to sign in again, you too. Keys and calls are not touched."
        action="Sign all out"
        danger
        onConfirm={signAllOut}
      />
    </Card>
  );
}

const columns: readonly Column<OpenSessionReply>[] = [
  {
    id: "actor",
    header: "Who",
    value: ({ actor }) => actor,
    cell: ({ actor, current }) => (
      <>
        <span className="break">{actor}</span> {current && <Badge kind="info">this browser</Badge>}
      </>
    ),
  },
  {
    id: "seen",
    header: "Seen",
    value: (row) => row.seen_at,
    cell: (row) => <Relative at={row.seen_at} />,
  },
  {
    id: "created",
    header: "Signed in",
    value: (row) => row.created_at,
    cell: (row) => <Relative at={row.created_at} />,
  },
  {
    id: "expires",
    header: "Ends",
    value: (row) => row.expires_at,
    cell: (row) => <Relative at={row.expires_at} />,
  },
  {
    id: "agent",
    header: "Browser",
    cell: ({ user_agent: agent }) =>
      agent === "" ? (
        <span className="muted">unknown</span>
      ) : (
        <span className="break">{agent}</span>
      ),
    hideOnPhone: true,
  },
];
