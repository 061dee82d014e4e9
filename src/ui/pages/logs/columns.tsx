import { Fragment } from "react";
import { Badge, StatusBadge } from "../../parts/badge.tsx";
import type { Column } from "../../parts/data-table.tsx";
import { Money } from "../../parts/money.tsx";
import { duration, unknownText } from "../../format.ts";
import { errorCodeOf } from "../../error-code.ts";
import type { LogReply } from "../../replies.ts";
import { reasonWords } from "../../unpriced.ts";
import { aliasOf, modelOf, tokensOf } from "./call.ts";
import { CallTime } from "./call-time.tsx";
import { FirstByte } from "./first-byte.tsx";
import { Shown } from "../../parts/shown.tsx";

export interface ColumnWords {
  /** Came while one looked. */
  readonly isNew: (call: LogReply) => boolean;
  /** A route's path by its id. */
  readonly routeName: (id: string) => string;
}

/** The list's columns; those that the server sorts by have its names. */
export function columnsOf({ isNew, routeName }: ColumnWords): readonly Column<LogReply>[] {
  return [
    {
      id: "startTime",
      header: "Time",
      sortable: true,
      cell: (call) => (
        <span className={isNew(call) ? "logs-time logs-new" : "logs-time"}>
          <CallTime at={call.startTime} />
        </span>
      ),
    },
    { id: "http_status", header: "Status", sortable: true, cell: status },
    { id: "route", header: "Request", cell: (call) => request(call, routeName) },
    { id: "model", header: "Model", cell: model },
    { id: "key", header: "Key", cell: caller },
    { id: "tokens", header: "Tokens in / out", align: "end", cell: tokens, hideOnPhone: true },
    { id: "spend", header: "Cost", align: "end", sortable: true, cell: cost },
    {
      id: "request_duration_ms",
      header: "Duration",
      align: "end",
      sortable: true,
      cell: (call) => duration(call.request_duration_ms),
    },
    {
      id: "first",
      header: "First byte",
      align: "end",
      cell: (call) => <FirstByte call={call} />,
      hideOnPhone: true,
    },
  ];
}

function status(call: LogReply) {
  const code = errorCodeOf(call);
  return (
    <span className="logs-status">
      <StatusBadge status={call.http_status} />
      {code !== null && <Code code={code} />}
    </span>
  );
}

/** Broken between its words where it is too long. */
function Code({ code }: { readonly code: string }) {
  return (
    <span className="logs-code">
      {code.split("_").map((word, index) => (
        <Fragment key={index}>
          {index > 0 && (
            <>
              _<wbr />
            </>
          )}
          {word}
        </Fragment>
      ))}
    </span>
  );
}

function request({ method, route, stream }: LogReply, routeName: (id: string) => string) {
  return (
    <span className="logs-request">
      <span className="mono">{method}</span> <Shown text={routeName(route)} most={60} />
      {stream && <Badge kind="neutral">stream</Badge>}
    </span>
  );
}

function model(call: LogReply) {
  const name = modelOf(call);
  return name === null ? <span className="muted">none</span> : <Shown text={name} most={48} />;
}

function caller(call: LogReply) {
  const alias = aliasOf(call);
  return alias === null ? <span className="muted">no key</span> : <Shown text={alias} most={40} />;
}

function tokens(call: LogReply) {
  return tokensOf(call) ?? <span className="muted">{unknownText}</span>;
}

function cost({ spend, unpriced, estimated }: LogReply) {
  const why = spend === null ? reasonWords(unpriced).why : null;
  return (
    <>
      <Money usd={spend} why={why} />
      {estimated && spend !== null && (
        <span className="muted" title="The cost or its token counts are an estimate.">
          {" "}
          est.
        </span>
      )}
    </>
  );
}
