import { openConnection } from "../connection.ts";
import { requestBytes } from "../payloads.ts";
import type { Running } from "../processes.ts";

/** A hundred small requests, so that what any first call costs is not counted as growth. */
export async function warmUp({ port }: Running): Promise<void> {
  const connection = await openConnection(port);
  const request = requestBytes("/pt/json-1k");
  for (let sent = 0; sent < 100; sent++) {
    const { status } = await connection.exchange(request);
    if (status !== 200) throw new Error(`answered ${status}`);
  }
  connection.close();
  await Bun.sleep(300);
}
