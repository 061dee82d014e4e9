import { type Static, Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import { GatewayError } from "../core/errors.ts";
import { keyScope } from "../core/journal.ts";
import type { ImportedKey } from "../core/key-book.ts";
import type { NanoUsd } from "../core/money.ts";
import { type AdminDeps, adminAuth } from "./admin-auth.ts";
import { adminRoute, type Operation, operation } from "./operation.ts";
import { readQuery } from "./read-request.ts";

/** Something in a table that cannot be taken over; never holds the value. */
export interface TableFault {
  /** From 1. */
  readonly line: number;
  /** Null where it is the line as a whole. */
  readonly column: string | null;
  readonly problem: string;
}

/** A table of keys as it was read. */
export interface KeyTable {
  readonly rows: readonly { readonly imported: ImportedKey; readonly spentNanoUsd: NanoUsd }[];
  readonly faults: readonly TableFault[];
  /** Columns with values that mean nothing here, and on how many lines. */
  readonly unused: ReadonlyMap<string, number>;
  /** Lines left out: log-ins of LiteLLM's own page. */
  readonly sessions: number;
}

/** What an import asks of the world. */
export interface KeyImport {
  /** Reads LiteLLM's exported token table. */
  readonly parse: (text: string) => KeyTable;
  /** Books spend that came with a key. */
  readonly adjust: (scope: string, nanoUsd: NanoUsd) => void;
  /** Resolves once it is written; with false where it could not be. */
  readonly written: () => Promise<boolean>;
}

/** Bytes; about a million keys. */
const longestTable = 1024 ** 3;

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
});

/** `POST /key/import`: the table is the body, as it was exported. All of its keys are taken over, or none. */
export const keyImport = (admin: AdminDeps, own: KeyImport) =>
  new Elysia({ name: "key-import" }).use(adminAuth(admin)).post(
    "/key/import",
    async ({ request, actor }) => {
      const { dry_run: dryRun = false } = readQuery(request, ImportQuery);
      const table = own.parse(await textOf(request));
      if (table.faults.length > 0) return faultsReply(table.faults);
      const done = dryRun ? nothingDone : await importTable(table, actor, { ...own, ...admin });
      const reply: Static<typeof ImportReply> = {
        keys: table.rows.length,
        ...done,
        unused: Object.fromEntries(table.unused),
        sessions: table.sessions,
      };
      return Response.json(reply);
    },
    { ...adminRoute(importOperation), detail: { ...operation(importOperation), requestBody } },
  );

const nothingDone = { imported: 0, teams: [] };

async function importTable(
  { rows }: KeyTable,
  actor: string,
  { book, adjust, written }: Pick<AdminDeps, "book"> & KeyImport,
) {
  const keys = rows.map(({ imported }) => imported);
  const { added, addedTeams } = book.importAll(keys, actor);
  const spent = new Map(rows.map((row) => [row.imported.sha256, row.spentNanoUsd]));
  for (const { id, digest } of added) {
    const nanoUsd = spent.get(digest) ?? 0;
    if (nanoUsd > 0) adjust(keyScope(id), nanoUsd);
  }
  if (!(await written())) throw new GatewayError("internal", { detail: unwritten });
  return { imported: added.length, teams: [...addedTeams] };
}

const unwritten =
  "The keys are imported, but what they have spent could not be written down yet: the log says why.";

const importOperation: Operation = {
  tag: "keys",
  summary: "Import LiteLLM's token table",
  description:
    "The body is the table LiteLLM_VerificationToken, exported as JSON lines or CSV. Where anything in it is wrong nothing is imported, and `faults` tells each line and column.",
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
function faultsReply(faults: readonly TableFault[]): Response {
  const { message, status, code } = new GatewayError("request_invalid", {
    detail: `The table has ${faults.length} ${faults.length === 1 ? "fault" : "faults"}; nothing was imported.`,
  });
  const error = { message, type: code, param: null, code: String(status) };
  return Response.json({ error, faults }, { status });
}

/** Counted while it comes: what a client declares is not relied upon. */
async function textOf({ body }: Request): Promise<string> {
  const decoder = new TextDecoder();
  const parts: string[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.byteLength;
    if (length > longestTable) throw new GatewayError("body_too_large");
    parts.push(decoder.decode(chunk, { stream: true }));
  }
  return parts.join("") + decoder.decode();
}
