/** The JSON messages and other lines of a stream of events, in any of the forms that upstreams send. */
export function streamMessages(
  type: string,
  bytes: Uint8Array,
  text: string | null,
): unknown[] | null {
  if (/application\/vnd\.amazon\.eventstream/i.test(type)) return amazonMessages(bytes);
  if (text === null) return null;
  if (/text\/event-stream/i.test(type) || /^(?:data|event|id):/.test(text)) return eventData(text);
  if (/ndjson|jsonl|stream\+json/i.test(type))
    return text.split(/\r?\n/).filter(Boolean).map(parsed);
  if (/^\s*\[\s*\{/.test(text) && text.includes('"candidates"')) return arrayOf(text);
  return null;
}

/** Each event's data; lines that are no JSON as they are. */
function eventData(text: string): unknown[] {
  const messages: unknown[] = [];
  for (const event of text.split(/\r\n\r\n|\n\n|\r\r/)) {
    const data = event
      .split(/\r\n|\n|\r/)
      .filter((line) => line.startsWith("data:"))
      .map((line) => line.slice(line[5] === " " ? 6 : 5));
    if (data.length > 0 && data[0] !== "[DONE]") messages.push(parsed(data.join("\n")));
  }
  return messages;
}

/** A JSON text as its value; what is none, or was cut, as it is. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** An array of messages; of one that was cut, those that are whole. */
function arrayOf(text: string): unknown[] | null {
  const whole = parsed(text);
  if (Array.isArray(whole)) return whole;
  const end = text.lastIndexOf("\n,");
  const most = end < 0 ? null : parsed(`${text.slice(0, end)}]`);
  return Array.isArray(most) ? most : null;
}

/** The payloads of an AWS event stream: JSON, or JSON in base64 in JSON. */
function amazonMessages(bytes: Uint8Array): unknown[] {
  const messages: unknown[] = [];
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at + 16 <= view.length;) {
    const total = view.readUInt32BE(at);
    const headers = view.readUInt32BE(at + 4);
    if (total < 16 + headers || at + total > view.length) break;
    messages.push(innerOf(parsed(view.toString("utf8", at + 12 + headers, at + total - 4))));
    at += total;
  }
  return messages;
}

function innerOf(message: unknown): unknown {
  const inner = message instanceof Object && "bytes" in message ? message.bytes : null;
  return typeof inner === "string" ? parsed(Buffer.from(inner, "base64").toString()) : message;
}
