import { openConnection } from "../connection.ts";
import { fetchPage, openRoutes } from "../open-page.ts";
import { memory } from "../proc.ts";
import { afresh, type Bench, type Contender, type Profile } from "../profile.ts";

/** It has a master key, so that one can sign in. */
const keyed = "governed";
const added = "added by the page, opened";

/** After it was opened. */
const restMs = 60_000;
const quickRestMs = 10_000;

/** Resident memory of a process that has started, has answered once, and does nothing; then after the page was opened. */
export const idleRss: Profile = {
  name: "idle-rss",
  about:
    "resident memory two seconds after the first answer; anonymous = without mapped files; then after the page was fetched, and opened",
  bars: [
    { figure: "RSS", atMost: 60, of: "value" },
    { subject: keyed, figure: added, atMost: 5, of: "value" },
  ],
  subjects: ["bare", "whole", "nginx", "tollgate", keyed],
  async run(bench) {
    await afresh(bench, "idle-rss", async (contender) => {
      const { name, pid, port } = contender;
      const connection = await openConnection(port);
      const get = Buffer.from("GET /health/liveliness HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n");
      await connection.exchange(get);
      connection.close();
      await Bun.sleep(2_000);
      const { now, anonymous } = memory(pid);
      bench.figures.add(name, "RSS", "MB", now / 1e6);
      bench.figures.add(name, "anonymous", "MB", anonymous / 1e6);
      if (name === keyed) await withPage(bench, contender, now);
    });
  },
};

async function withPage(bench: Bench, { name, pid, port }: Contender, before: number) {
  const rest = () => Bun.sleep(bench.options.quick ? quickRestMs : restMs);
  const files = await fetchPage(port);
  await rest();
  const fetched = memory(pid).now;
  await openRoutes(port);
  await rest();
  const opened = memory(pid).now;
  bench.figures.add(name, "files of the page", "", files);
  bench.figures.add(name, "added by its files", "MB", (fetched - before) / 1e6);
  bench.figures.add(name, added, "MB", (opened - before) / 1e6);
}
