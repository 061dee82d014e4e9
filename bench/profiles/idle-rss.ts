import { openConnection } from "../connection.ts";
import { memory } from "../proc.ts";
import { afresh, type Profile } from "../profile.ts";

/** Resident memory of a process that has started, has answered once, and does nothing. */
export const idleRss: Profile = {
  name: "idle-rss",
  about: "resident memory two seconds after the first answer; anonymous = without mapped files",
  bars: [{ figure: "RSS", atMost: 60, of: "value" }],
  async run(bench) {
    await afresh(bench, "idle-rss", async ({ name, pid, port }) => {
      const connection = await openConnection(port);
      const get = Buffer.from("GET /health/liveliness HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n");
      await connection.exchange(get);
      connection.close();
      await Bun.sleep(2_000);
      const { now, anonymous } = memory(pid);
      bench.figures.add(name, "RSS", "MB", now / 1e6);
      bench.figures.add(name, "anonymous", "MB", anonymous / 1e6);
    });
  },
};
