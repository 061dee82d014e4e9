import { type Static, Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import { GatewayError } from "../core/errors.ts";
import type { ImportedKey } from "../core/key-book.ts";
import type { KeyTable, TableFault, TableRow } from "../core/key-table.ts";
import { type AdminDeps, adminAuth } from "./admin-auth.ts";
import { type Imported, type ImportDeps, importRows } from "./import-rows.ts";
import { inSlices } from "./in-slices.ts";
import { adminRoute, type Operation, operation } from "./operation.ts";
import { readQuery } from "./read-request.ts";

/** What an import asks of the world. */
export interface KeyImport extends Pick<ImportDeps, "written"> {
  /** Reads LiteLLM's exported token table, step by step. */
  readonly parse: (text: string) => Iterator<unknown, KeyTable>;
}

/** MiB; some hundred thousand keys. */
const longestTable = 64;

/** More tell nobody more. */
const mostFaults = 100;

const ImportQuery = Type.Object({
  dry_run: Type.Optional(
    Type.Boolean({ meant: "true or false", description: "Only read the table; keep nothing." }),
  ),
});

const ImportReply = Type.Object({
  keys: Type.Integer({ description: "In the table." }),
  imported: Type.Integer({ description: "That were new; all others were imported before." }),
  teams: Type.Array(Type.String(), {
    description: "Ids of teams that were made since a key named them: without any limit.",
  }),
  unused: Type.Record(Type.String(), Type.Integer(), {
    description: "Columns with values that mean nothing here, and on how many lines.",
  }),
  sessions: Type.Integer({ description: "Lines left out: log-ins of LiteLLM's own page." }),
  master_key_left_out: Type.Optional(
    Type.Boolean({
      description: "The table held this gateway's master key, which is no virtual key.",
    }),
  ),
});

/**
 * `POST /key/import`: the table is the body, as it was exported. Nothing is imported where anything in it is wrong.
 * Keys come in batches, so that calls go on meanwhile; after an end in between the rest comes with the next import.
 */
export const keyImport = (admin: AdminDeps, own: KeyImport) =>
  new Elysia({ name: "key-import" }).use(adminAuth(admin)).post(
    "/key/import",
    async ({ request, actor }) => {
      const { dry_run: dryRun = false } = readQuery(request, ImportQuery);
      const text = await textOf(request);
      admin.entrance.hold(request); // a large table takes longer than a connection may stand idle
      try {
        return await replyTo(text, dryRun ? null : actor, { ...own, ...admin });
      } finally {
        admin.entrance.release(request);
      }
    },
    { ...adminRoute(importOperation), detail: { ...operation(importOperation), requestBody } },
  );

/** Without an actor nothing is imported. */
async function replyTo(
  text: string,
  actor: string | null,
  deps: AdminDeps & KeyImport,
): Promise<Response> {
  const table = await inSlices(deps.parse(text));
  const rows = table.rows.filter(({ imported }) => !isMasterKey(imported, deps));
  const taken = await inSlices(takenAliases(rows, deps));
  const faults = [...table.faults, ...taken];
  if (faults.length > 0) return faultsReply(faults, table.moreFaults);
  const done = actor === null ? nothingDone : await importRows(rows, actor, deps);
  const reply: Static<typeof ImportReply> = {
    keys: rows.length,
    imported: done.imported,
    teams: [...done.teams],
    unused: Object.fromEntries(table.unused),
    sessions: table.sessions,
    ...(rows.length < table.rows.length ? { master_key_left_out: true } : {}),
  };
  return Response.json(reply);
}

const nothingDone: Imported = { imported: 0, teams: [] };

/** LiteLLM's table may hold it too. */
function isMasterKey({ sha256 }: ImportedKey, { masterKey }: AdminDeps): boolean {
  return masterKey()?.hasSha256(sha256) === true;
}

function* takenAliases(
  rows: readonly TableRow[],
  { book }: AdminDeps,
): Generator<void, TableFault[]> {
  const faults: TableFault[] = [];
  for (const { line, imported } of rows) {
    const other = book.namesake(imported);
    if (other !== null) {
      const problem = `is ${JSON.stringify(other.alias)}, which the key ${other.name} (${other.id}) has`;
      faults.push({ line, column: "key_alias", problem });
    }
    yield;
  }
  return faults;
}

const importOperation: Operation = {
  tag: "keys",
  summary: "Import LiteLLM's token table",
  description:
    "The body is the table LiteLLM_VerificationToken, exported as JSON lines or CSV. 64 MiB at most. Where anything in it is wrong nothing is imported: `faults` tells lines and columns, 100 at most, and `more_faults` how many there are beside. Keys come in batches; an import that ended half-way can be repeated, since a key is imported once.",
  access: "admin",
  query: ImportQuery,
  reply: ImportReply,
};

const requestBody = {
  required: true,
  content: {
    "text/csv": { schema: { type: "string" as const } },
    "application/x-ndjson": { schema: { type: "string" as const } },
  },
};

/** They name columns of the operator's own file, so they go to the operator. */
function faultsReply(found: readonly TableFault[], unlisted: number): Response {
  const faults = found.slice(0, mostFaults);
  const count = found.length + unlisted;
  const { message, status, code } = new GatewayError("request_invalid", {
    detail: `The table has ${count} ${count === 1 ? "fault" : "faults"}; nothing was imported.`,
  });
  const error = { message, type: code, param: null, code: String(status) };
  return Response.json({ error, faults, more_faults: count - faults.length }, { status });
}

/** Counted while it comes: what a client declares is not relied upon. */
async function textOf({ body }: Request): Promise<string> {
  const decoder = new TextDecoder();
  const parts: string[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.byteLength;
    if (length > longestTable * 1024 ** 2) {
      const detail = `A table has ${longestTable} MiB at most: import it in parts.`;
      throw new GatewayError("body_too_large", { detail });
    }
    parts.push(decoder.decode(chunk, { stream: true }));
  }
  return parts.join("") + decoder.decode();
}
