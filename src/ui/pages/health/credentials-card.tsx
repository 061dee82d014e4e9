import { useApi } from "../../api.ts";
import { Badge } from "../../parts/badge.tsx";
import { Card } from "../../parts/card.tsx";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { EmptyState } from "../../parts/empty.tsx";
import { ErrorNote } from "../../parts/error-note.tsx";
import { every } from "./every.ts";
import type { CredentialReply, CredentialsReply } from "./replies.ts";

/** What routes of the config file need, by name: never a value. */
export function CredentialsCard() {
  const { data, error, reload } = useApi<CredentialsReply>("/health/credentials", {}, every);
  if (error !== undefined) {
    return (
      <ErrorNote error={error} what="Credentials could not be read." retry={() => void reload()} />
    );
  }
  return (
    <Card title="Credentials" flush>
      <DataTable
        caption="Credentials by name, with the routes that need them"
        columns={columns}
        rows={data?.credentials}
        rowKey={({ kind, name }) => `${kind} ${name}`}
        empty={
          <EmptyState
            title="No route of the config file names a credential."
            text="Write os.environ/NAME as the value of a header in config.yaml, and the environment variable is listed here: there or missing, never its value."
          />
        }
      />
    </Card>
  );
}

const columns: readonly Column<CredentialReply>[] = [
  {
    id: "name",
    header: "Name",
    value: ({ name }) => name,
    cell: ({ name }) => <code className="break">{name}</code>,
  },
  {
    id: "kind",
    header: "Kind",
    value: ({ kind }) => kind,
    cell: ({ kind }) => (kind === "file" ? "credential file" : "environment variable"),
  },
  {
    id: "present",
    header: "State",
    value: ({ present }) => (present ? 1 : 0),
    cell: ({ present }) =>
      present ? <Badge kind="ok">present</Badge> : <Badge kind="bad">missing</Badge>,
  },
  {
    id: "endpoints",
    header: "Needed by",
    cell: ({ endpoints }) => (
      <span className="health-paths">
        {endpoints.map((path) => (
          <code key={path} className="break">
            {path}
          </code>
        ))}
      </span>
    ),
  },
];
