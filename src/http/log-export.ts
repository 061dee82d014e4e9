import { Elysia } from "elysia";
import type { BodyReader } from "../core/body-log.ts";
import type { CallFilter, SpendReader } from "../core/spend.ts";
import type { CallRow, Entrance } from "../core/types.ts";
import { type AdminDeps, adminAuth } from "./admin-auth.ts";
import { csvHead, csvRows } from "./csv.ts";
import { adminRoute } from "./operation.ts";
import { readQuery } from "./read-request.ts";
import { callFilter, ExportQuery, notForLogs, searched } from "./spend-query.ts";
import { logShapes } from "./spend-shape.ts";

/** Rows that are asked for at once. */
const pageSize = 250;

/** So long nothing else is answered. */
const sliceMs = 2;

/** Rows between two looks at the clock. */
const step = 8;

/** A reader that takes nothing for so long has gone. */
const patienceMs = 300_000;

/** `GET /spend/logs/export`: every call that the filters take, as a file. */
export const logExport = (deps: AdminDeps, reader: SpendReader, bodies: BodyReader | null) =>
  new Elysia({ name: "log-export" }).use(adminAuth(deps)).get(
    "/spend/logs/export",
    async ({ request }) => {
      const query = readQuery(request, ExportQuery, notForLogs);
      const { format = "jsonl", limit = Infinity } = query;
      const now = Date.now();
      // What begins from now on is left out: a gateway may be called faster than its log is read.
      const asked = { until: now + 1, ...callFilter(deps.book, query) };
      const filter = await searched(asked, query.search, bodies);
      const pages = await openPages(reader, filter, limit);
      const { book, entrance } = deps;
      const isCsv = format === "csv";
      const lines = (rows: readonly CallRow[]) =>
        isCsv ? csvRows(rows, book) : logShapes(rows, book).map(jsonLine).join("");
      const body = textStream(
        { head: isCsv ? csvHead : "", pages, lines },
        holder(entrance, request),
      );
      const name = `calls-${new Date(now).toISOString().slice(0, 19).replaceAll(":", "-")}`;
      return new Response(body, {
        headers: {
          "content-type": isCsv
            ? "text/csv; charset=utf-8; header=present"
            : "application/x-ndjson",
          "content-disposition": `attachment; filename="${name}Z.${format}"`,
          "x-content-type-options": "nosniff",
          "cache-control": "no-store",
        },
      });
    },
    adminRoute(exported),
  );

/** What some readers take for the end of a line, and JSON does not escape. */
const lineEnds = /[\u0085\u2028\u2029]/g;

/** A value on a line of its own, whoever reads it. */
function jsonLine(value: unknown): string {
  return `${JSON.stringify(value).replace(lineEnds, escaped)}\n`;
}

function escaped(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** Pages of rows in the order of their start; an empty one is the end. */
type Pages = () => Promise<readonly CallRow[]>;

/** The first page is read before anything is answered: what goes wrong there is an error, and not a cut file. */
async function openPages(reader: SpendReader, filter: CallFilter, limit: number): Promise<Pages> {
  let left = limit;
  let isLast = false;
  let after: string | null = null;
  const read: Pages = async () => {
    const size = Math.min(pageSize, left);
    if (isLast || size === 0) return [];
    const page = await reader.scan(filter, after, size);
    left -= page.length;
    isLast = page.length < size;
    after = page.at(-1)?.id ?? null;
    return page;
  };
  let first: readonly CallRow[] | null = await read();
  return async () => {
    if (first === null) return await read();
    const page = first;
    first = null;
    return page;
  };
}

interface Source {
  readonly head: string;
  readonly pages: Pages;
  lines(rows: readonly CallRow[]): string;
}

/** Keeps the runtime from closing the connection while the store looks for rows. */
interface Hold {
  hold(): void;
  release(): void;
}

function holder(entrance: Entrance, request: Request): Hold {
  return { hold: () => entrance.hold(request), release: () => entrance.release(request) };
}

/** As fast as it is read: one page of rows is in memory, and one slice of text. */
function textStream({ head, pages, lines }: Source, held: Hold): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let rows: readonly CallRow[] = [];
  let at = 0;
  let pending = head;
  let hasLeft = false;
  let patience: Timer | undefined;
  const ended = () => {
    clearTimeout(patience);
    held.release();
  };
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        clearTimeout(patience);
        held.hold();
        try {
          await new Promise<void>((resolve) => setImmediate(resolve)); // calls go on in between
          if (at === rows.length) {
            rows = await pages();
            at = 0;
          }
        } catch (error) {
          ended();
          controller.error(error); // the connection breaks off: no file looks whole that is not
          return;
        }
        if (hasLeft) return;
        for (const until = performance.now() + sliceMs; at < rows.length;) {
          pending += lines(rows.slice(at, at + step));
          at = Math.min(at + step, rows.length);
          if (performance.now() >= until) break;
        }
        if (pending === "") {
          ended();
          controller.close();
          return;
        }
        controller.enqueue(encoder.encode(pending));
        pending = "";
        patience = setTimeout(() => {
          ended();
          controller.error(new Error("nobody reads the export"));
        }, patienceMs);
        patience.unref();
      },
      cancel() {
        hasLeft = true;
        ended();
      },
    },
    { highWaterMark: 0 },
  );
}

const exported = {
  tag: "spend",
  summary: "Calls, as a file",
  description:
    "All calls that began until now and that the filters take, the oldest first: as lines of JSON, or as CSV in which no cell is taken for a formula.",
  query: ExportQuery,
};
