import { useState } from "react";
import { useLocation, useSearchParams } from "wouter";
import { api, rootPath } from "../../api.ts";
import { Button, ButtonLink, CopyButton } from "../../parts/button.tsx";
import { useToast } from "../../parts/toast.tsx";
import type { LogDetailReply, LogsReply } from "../../replies.ts";
import { callHref } from "../../hrefs.ts";
import { type Direction, neighbourOf, neighbourQuery } from "./neighbours.ts";
import { readLogQuery } from "./query.ts";

/** What one does with a call. */
export function DetailActions({ call }: { readonly call: LogDetailReply }) {
  const [params] = useSearchParams();
  const { request_id: id, as_curl: curl } = call;
  const tab = params.get("tab");
  const link = `${location.origin}${rootPath}/ui${callHref(id, tab === null ? "" : `tab=${encodeURIComponent(tab)}`)}`;
  return (
    <>
      <Step call={call} direction="newer" />
      <Step call={call} direction="older" />
      <CopyButton text={link} label="Copy link" />
      {curl !== undefined && <CopyButton text={curl} label="As curl" />}
      <ButtonLink href={`/test?from=${encodeURIComponent(id)}`} kind="primary">
        Replay in tester
      </ButtonLink>
    </>
  );
}

interface StepProps {
  readonly call: LogDetailReply;
  readonly direction: Direction;
}

const words = { older: "Older", newer: "Newer" } as const;
const ends = {
  older: "This is the oldest call of the list.",
  newer: "No newer call yet.",
} as const;

/** To the call before or after it, of those that the list's filters take: asked only when it is pressed. */
function Step({ call, direction }: StepProps) {
  const [params] = useSearchParams();
  const [, navigate] = useLocation();
  const [isBusy, setBusy] = useState(false);
  const toast = useToast();
  const go = async () => {
    setBusy(true);
    try {
      const query = neighbourQuery(readLogQuery(params), call.startTime, direction, Date.now());
      const { data } = await api.get<LogsReply>("/spend/logs/v2", query);
      const next = neighbourOf(data, call.request_id);
      if (next === null) toast(ends[direction], "info");
      else navigate(callHref(next.request_id, params.toString()));
    } catch {
      toast("The neighbouring call could not be found: try again.", "bad");
    }
    setBusy(false);
  };
  return (
    <Button kind="quiet" busy={isBusy} onClick={() => void go()}>
      {words[direction]}
    </Button>
  );
}
