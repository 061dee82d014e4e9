import { isRecord } from "./is-record.ts";

/** An answer of the admin API that is no success, or none at all (`status` 0). */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  /** As `request_invalid`; `unreachable` where no answer came. */
  readonly code: string;
  /** The message's sentences after the first: what is wrong, one by one. */
  readonly faults: readonly string[];
  /** Seconds to wait before the next try. */
  readonly retryAfter: number | null;

  constructor(status: number, code: string, message: string, retryAfter: number | null = null) {
    super(message);
    this.status = status;
    this.code = code;
    this.faults = faultsOf(message);
    this.retryAfter = retryAfter;
  }
}

/** Reads the error body that every refusal of the gateway has. */
export async function apiErrorOf(response: Response): Promise<ApiError> {
  const { message, type } = errorOf(await response.text().catch(() => ""));
  const wait = Number(response.headers.get("retry-after") ?? Number.NaN);
  return new ApiError(
    response.status,
    type ?? "unknown",
    message ?? `The gateway answered with status ${response.status}.`,
    Number.isFinite(wait) ? wait : null,
  );
}

function errorOf(text: string): { message?: string; type?: string } {
  try {
    const body: unknown = JSON.parse(text);
    if (!isRecord(body) || !isRecord(body["error"])) return {};
    const { message, type } = body["error"];
    return {
      ...(typeof message === "string" ? { message } : {}),
      ...(typeof type === "string" ? { type } : {}),
    };
  } catch {
    return {}; // a proxy in between answered with a page of its own
  }
}

/** Sentences end with a full stop and a space; the first one only says that there are faults. */
function faultsOf(message: string): string[] {
  return message.split(/(?<=\.)\s+(?=\S)/).slice(1);
}
