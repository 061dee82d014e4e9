import { useMemo } from "react";
import { useParams, useSearchParams } from "wouter";
import { useApi } from "../../api.ts";
import { StatusBadge } from "../../parts/badge.tsx";
import { Card } from "../../parts/card.tsx";
import { CodeBlock } from "../../parts/code-block.tsx";
import { ErrorNote } from "../../parts/error-note.tsx";
import { JsonView } from "../../parts/json-view.tsx";
import { Money } from "../../parts/money.tsx";
import { PageHeader } from "../../parts/page-header.tsx";
import { Skeleton } from "../../parts/progress.tsx";
import { Stat, StatRow } from "../../parts/stat.tsx";
import { useRouteName } from "../../parts/route-name.tsx";
import { Tabs } from "../../parts/tabs.tsx";
import { duration, unknownText } from "../../format.ts";
import { treeOf } from "../../bodies/json-body.ts";
import { errorCodeOf } from "../../error-code.ts";
import type { LogDetailReply } from "../../replies.ts";
import { reasonWords } from "../../unpriced.ts";
import { BodyView } from "./body-view.tsx";
import { modelOf, tokensOf } from "./call.ts";
import { CostTab } from "./cost-tab.tsx";
import { DetailActions } from "./detail-actions.tsx";
import { Facts } from "./facts.tsx";
import { HeadersTab } from "./headers-tab.tsx";
import { NotLogged } from "./not-logged.tsx";
import { readLogQuery, writeLogQuery } from "./query.ts";
import { oneLine, revealed } from "../../parts/reveal.ts";
import { Shown } from "../../parts/shown.tsx";
import { FirstByte } from "./first-byte.tsx";
import { TimingTab } from "./timing-tab.tsx";
import "./logs.css";
import "./detail.css";

/** One call: what was sent, what came back, what it took and cost. */
export function LogDetailPage() {
  const { id = "" } = useParams();
  const [params] = useSearchParams();
  const routeName = useRouteName();
  const path = `/spend/logs/ui/${encodeURIComponent(id)}`;
  const { data: call, error, reload } = useApi<LogDetailReply>(path);
  const filters = writeLogQuery(readLogQuery(params)).toString();
  const back = { href: filters === "" ? "/logs" : `/logs?${filters}`, label: "Logs" };
  const title =
    call === undefined ? "Call" : `${call.method} ${oneLine(routeName(call.route), 60)}`;
  return (
    <div className="stack">
      <PageHeader
        title={title}
        back={back}
        actions={call === undefined ? undefined : <DetailActions call={call} />}
      />
      {error !== undefined && (
        <ErrorNote
          error={error}
          what="The call could not be read."
          hint={error.status === 404 ? gone : undefined}
          retry={() => void reload()}
        />
      )}
      {call === undefined ? error === undefined && <Skeleton lines={8} /> : <Call call={call} />}
    </div>
  );
}

const gone =
  "There is no call with this id: the log may have let go of it, or it is still under way.";

function Call({ call }: { readonly call: LogDetailReply }) {
  const code = errorCodeOf(call);
  const model = modelOf(call);
  return (
    <>
      <StatRow>
        <Stat
          label="Status"
          value={<StatusBadge status={call.http_status} />}
          hint={code === null ? undefined : <Shown text={code} />}
        />
        <Stat
          label="Model"
          value={
            model === null ? <span className="muted">none</span> : <Shown text={model} most={40} />
          }
        />
        <Stat
          label="Cost"
          value={<Money usd={call.spend} />}
          hint={call.spend === null ? reasonWords(call.unpriced).why : estimate(call)}
        />
        <Stat
          label="Tokens in / out"
          value={tokensOf(call) ?? <span className="muted">{unknownText}</span>}
        />
        <Stat label="Duration" value={duration(call.request_duration_ms)} />
        <Stat label="First byte" value={<FirstByte call={call} />} />
      </StatRow>
      <Card>
        <Facts call={call} />
      </Card>
      <Tabs
        label="The call"
        tabs={[
          { id: "request", label: "Request", content: () => <RequestTab call={call} /> },
          { id: "reply", label: "Reply", content: () => <ReplyTab call={call} /> },
          { id: "headers", label: "Headers", content: () => <HeadersTab call={call} /> },
          { id: "timing", label: "Timing", content: () => <TimingTab call={call} /> },
          { id: "cost", label: "Cost", content: () => <CostTab call={call} /> },
          { id: "raw", label: "Raw", content: () => <RawTab call={call} /> },
        ]}
      />
    </>
  );
}

function estimate({ estimated }: LogDetailReply): string | undefined {
  return estimated ? "An estimate" : undefined;
}

function RequestTab({ call }: { readonly call: LogDetailReply }) {
  const { request } = call;
  if (request === undefined) return <NotLogged call={call} />;
  const { method, url } = request;
  return (
    <Card title="What the client sent">
      <div className="stack">
        <CodeBlock text={revealed(`${method} ${url}`)} label="Method and path" wrap />
        <BodyView label="Request body" body={request} />
      </div>
    </Card>
  );
}

function ReplyTab({ call }: { readonly call: LogDetailReply }) {
  const { reply } = call;
  if (reply === undefined) return <NotLogged call={call} />;
  return (
    <Card title="What came back">
      {reply.status === 0 ? (
        <p className="muted">No reply came from the upstream.</p>
      ) : (
        <BodyView label="Reply body" body={reply} assembled={reply.assembled} />
      )}
    </Card>
  );
}

function RawTab({ call }: { readonly call: LogDetailReply }) {
  const { request: _, reply: __, messages: ___, response: ____, as_curl: curl, ...row } = call;
  const tree = useMemo(() => treeOf(row), [call]);
  return (
    <>
      {curl !== undefined && (
        <Card title="As curl">
          <CodeBlock text={revealed(curl)} label="curl command" wrap copy={false} />
        </Card>
      )}
      <Card title="Record">
        <JsonView value={tree} label="The call's record" />
      </Card>
    </>
  );
}
