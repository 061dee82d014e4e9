import { openConnection } from "../connection.ts";
import { requestBytes } from "../payloads.ts";
import type { Contender } from "../profile.ts";

/** A hundred small requests, so that what any first call costs is not counted as growth. */
export async function warmUp({ port, key }: Contender): Promise<void> {
  const connection = await openConnection(port);
  const request = requestBytes("/pt/json-1k", key);
  for (let sent = 0; sent < 100; sent++) {
    const { status } = await connection.exchange(request);
    if (status !== 200) throw new Error(`answered ${status}`);
  }
  connection.close();
  await Bun.sleep(300);
}
