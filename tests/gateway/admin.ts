import { masterKey } from "./wire.ts";

/** Calls of the management API, as an admin makes them; they throw unless they are answered with 200. */
export function adminOf(url: string) {
  const post = async (path: string, fields: object): Promise<Record<string, unknown>> => {
    const reply = await fetch(url + path, {
      method: "POST",
      headers: { authorization: `Bearer ${masterKey}`, "content-type": "application/json" },
      body: JSON.stringify(fields),
    });
    const text = await reply.text();
    if (reply.status !== 200) throw new Error(`${path}: ${reply.status} ${text}`);
    const answer: unknown = JSON.parse(text);
    return isObject(answer) ? answer : {};
  };
  const key = async (fields: object = {}): Promise<string> => {
    const answer = await post("/key/generate", fields);
    if (typeof answer["key"] !== "string") throw new Error("no key in the reply");
    return answer["key"];
  };
  return { post, key };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
