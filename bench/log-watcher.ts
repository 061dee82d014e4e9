import { filtersOf, pageQueryOf, pageSize, readLogQuery } from "../src/ui/pages/logs/query.ts";
import { pageEveryMs, tailEveryMs, tailStart } from "../src/ui/pages/logs/tail.ts";
import type { LogReply, LogsReply } from "../src/ui/replies.ts";
import { signIn } from "./gateways.ts";

/** Somebody who has the page's live tail open. */
export interface LogWatcher {
  /** How long each answer took, in milliseconds, those to the tail's questions. */
  stop(): Promise<readonly number[]>;
}

/** Asks what the page's log asks while it is live and no filter is set, as often, with a browser's cookie. */
export async function startLogWatcher(port: number): Promise<LogWatcher> {
  const cookie = await signIn(port);
  const query = readLogQuery(new URLSearchParams("live=1"));
  const times: number[] = [];
  const stopping = Promise.withResolvers<void>();
  let isStopped = false;

  const ask = async (parameters: Parameters<typeof searchOf>[0]): Promise<readonly LogReply[]> => {
    const path = `/spend/logs/v2?${searchOf(parameters)}`;
    const reply = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { cookie } });
    const text = await reply.text();
    if (reply.status !== 200) throw new Error(`${path} answered ${reply.status}: ${text}`);
    const { data }: LogsReply = JSON.parse(text);
    return data;
  };
  const watch = async () => {
    let page: readonly LogReply[] = [];
    for (let pageAt = -Infinity; !isStopped;) {
      const now = performance.now();
      if (now - pageAt >= pageEveryMs) {
        page = await ask(pageQueryOf(query, Date.now()));
        pageAt = now;
      }
      const at = performance.now();
      const filters = filtersOf(query, Date.now());
      await ask({ ...filters, start_date: tailStart(page, null), page_size: pageSize });
      times.push(performance.now() - at);
      await Promise.race([Bun.sleep(tailEveryMs), stopping.promise]);
    }
  };

  const watching = watch();
  watching.catch(() => {}); // told by stop
  return {
    stop: async () => {
      isStopped = true;
      stopping.resolve();
      await watching;
      return times;
    },
  };
}

/** As the page writes them: what says nothing is left out. */
function searchOf(parameters: ReturnType<typeof pageQueryOf>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== null && value !== undefined && value !== "") search.set(name, String(value));
  }
  return search.toString();
}
