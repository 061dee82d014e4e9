import type { Static, TSchema } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";

/** JSON bodies are held in memory, so they end here; real APIs refuse such bodies too. */
const maxBytes = 32 * 1024 * 1024;

/** Why a request is not served. */
export interface Refusal {
  readonly status: 400 | 413;
  readonly message: string;
  /** The field at fault, dotted, or null where it is the body as a whole. */
  readonly param: string | null;
}

/** How one API answers: a checked request, and one that is refused. */
export interface JsonApi<T extends TSchema> {
  readonly schema: T;
  readonly answer: (body: Static<T>) => Response;
  readonly refuse: (refusal: Refusal) => Response;
}

/** Reads, parses and checks a JSON request, then answers or refuses it. */
export async function serveJson<T extends TSchema>(
  request: Request,
  { schema, answer, refuse }: JsonApi<T>,
): Promise<Response> {
  const bytes = await readAtMost(request, maxBytes);
  if (bytes === null) {
    return refuse({ status: 413, message: "The body is larger than 32 MiB.", param: null });
  }
  const body = parse(bytes);
  if (body === undefined) {
    return refuse({ status: 400, message: "The body is not valid JSON.", param: null });
  }
  if (Value.Check(schema, body)) return answer(body);
  return refuse(firstFault(schema, body));
}

async function readAtMost(request: Request, limit: number): Promise<Uint8Array | null> {
  if (request.body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body) {
    size += chunk.length;
    if (size > limit) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** `undefined`, which JSON has not, for bytes that are not JSON. */
function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

function firstFault(schema: TSchema, body: unknown): Refusal {
  const fault = Value.Errors(schema, body).First();
  const param = fault?.path.slice(1).replaceAll("/", ".") ?? "";
  const reason = fault?.message ?? "Not valid";
  return {
    status: 400,
    message: param === "" ? `${reason}.` : `${param}: ${reason}.`,
    param: param === "" ? null : param,
  };
}
