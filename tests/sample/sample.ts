import { startSample } from "../../src/sample/server.ts";

/** One event of a stream, its data parsed where it is JSON. */
export interface SampleEvent {
  readonly name: string | null;
  readonly data: unknown;
}

/** The sample upstream for one test: `using` stops it. */
export function sample() {
  const { url, stop } = startSample();
  const post = (path: string, body: unknown) =>
    fetch(url + path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  return {
    url,
    port: Number(new URL(url).port),
    post,
    json: async (path: string, body: unknown): Promise<unknown> => (await post(path, body)).json(),
    events: async (path: string, body: unknown) => eventsOf(await post(path, body)),
    [Symbol.dispose]: stop,
  };
}

/** All events of a reply that is a stream. */
export async function eventsOf(response: Response): Promise<SampleEvent[]> {
  if (!response.headers.get("content-type")?.startsWith("text/event-stream")) {
    throw new Error(`not a stream: ${response.status} ${await response.text()}`);
  }
  const blocks = (await response.text()).split("\n\n");
  if (blocks.pop() !== "") throw new Error("the last event is cut off");
  return blocks.map((block) => {
    const fields = block.split("\n");
    const name = fields.find((field) => field.startsWith("event: "))?.slice("event: ".length);
    const data = fields.find((field) => field.startsWith("data: "))?.slice("data: ".length) ?? "";
    return { name: name ?? null, data: data === "[DONE]" ? data : JSON.parse(data) };
  });
}
