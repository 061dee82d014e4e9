import { Elysia } from "elysia";
import { KeyDigester } from "../../src/core/key.ts";
import type { KeyBook } from "../../src/core/key-book.ts";
import type { AdminDeps } from "../../src/http/admin-auth.ts";
import { audit } from "../../src/http/audit.ts";
import { documents } from "../../src/http/documents.ts";
import { errors } from "../../src/http/errors.ts";
import { createFailedAttempts } from "../../src/http/failed-attempts.ts";
import { keyIssuing } from "../../src/http/key-issuing.ts";
import { keyReading } from "../../src/http/key-reading.ts";
import { keys } from "../../src/http/keys.ts";
import { operations } from "../../src/http/operations.ts";
import { routes } from "../../src/http/routes.ts";
import { teamReading } from "../../src/http/team-reading.ts";
import { teams } from "../../src/http/teams.ts";
import { openKeyBook } from "../../src/keys/key-book.ts";
import { openKeyStore } from "../../src/storage/sqlite/key-store.ts";
import { build } from "../config/load.ts";
import { temporaryFolder } from "../process/program.ts";

export const masterKey = "sk-master-key-of-this-test";

export interface AdminAppOptions {
  readonly settings?: string;
  readonly trusted?: string;
  /** Of the caller, by request. */
  readonly addressOf?: (request: Request) => string;
  /** The clock of failed attempts. */
  readonly now?: () => number;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Of a reply that is JSON. */
  readonly body: Record<string, unknown>;
}

/** The admin API over a real key book, in this process; every account has spent $1.5 and holds $0.25. */
export function startAdminApp(options: AdminAppOptions = {}) {
  const folder = temporaryFolder();
  const store = openKeyStore(folder.file("tollgate.db"));
  const book = openKeyBook({ store, digester: new KeyDigester("pepper of this test") });
  const yaml = `general_settings:\n  master_key: ${masterKey}\n${options.settings ?? ""}`;
  const rules = build(yaml).runtime?.rules;
  if (rules === undefined) throw new Error("a config with faults");
  const failures: unknown[] = [];
  const adjusted: [scope: string, nanoUsd: number][] = [];
  const admin: AdminDeps = {
    rules: () => rules,
    adminHosts: () => new Set(["admin.example.com"]),
    entrance: {
      addressOf: options.addressOf ?? (() => "127.0.0.1"),
      onLoopback: true,
      isTls: false,
      hold: () => {},
      release: () => {},
    },
    book,
    standings: {
      standing: () => ({ spentNanoUsd: 1_500_000_000, heldNanoUsd: 250_000_000, periodStart: 0 }),
    },
    adjust: (scope, nanoUsd) => adjusted.push([scope, nanoUsd]),
    masterKey: () => rules.keys.masterKey,
    failures: createFailedAttempts(options.now ?? (() => 0)),
    sessions: null,
    trusted: options.trusted ?? null,
  };
  const parts = new Elysia()
    .use(routes(admin))
    .use(operations(admin, idle))
    .use(keyIssuing(admin))
    .use(keys(admin))
    .use(keyReading(admin))
    .use(teams(admin))
    .use(teamReading(admin))
    .use(audit(admin));
  const app = new Elysia({ strictPath: true })
    .use(errors((error) => failures.push(error)))
    .use(parts)
    .use(documents(admin, () => parts.routes));
  const send = (request: Request) => answerOf(app.handle(request));
  return {
    book,
    failures,
    adjusted,
    folder,
    send,
    /** As the master key. */
    get: (path: string) => send(ask("GET", path, null, masterKey)),
    post: (path: string, body: unknown) => send(ask("POST", path, body, masterKey)),
    databaseText: () => databaseText(folder.file("tollgate.db")),
    [Symbol.dispose]() {
      store.close();
      folder[Symbol.dispose]();
    },
  };
}

export type AdminApp = ReturnType<typeof startAdminApp>;

/** A request with a JSON body, or none where it is null. */
export function ask(method: string, path: string, body: unknown, key: string | null): Request {
  const headers = new Headers({ host: "localhost" });
  if (key !== null) headers.set("authorization", `Bearer ${key}`);
  if (body !== null) headers.set("content-type", "application/json");
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return new Request(`http://localhost${path}`, {
    method,
    headers,
    ...(body === null ? {} : { body: text }),
  });
}

/** The message of an error. */
export function messageOf({ body }: Answer): string {
  const { error } = body;
  if (typeof error !== "object" || error === null || !("message" in error)) return "";
  return String(error.message);
}

/** The key itself, of a reply that shows it. */
export function keyIn({ body }: Answer): string {
  if (typeof body["key"] !== "string") throw new Error("no key in the reply");
  return body["key"];
}

/** The id of the key that a reply tells of. */
export function idIn({ body }: Answer): string {
  if (typeof body["token"] !== "string") throw new Error("no id in the reply");
  return body["token"];
}

/** Makes a key in the book itself. */
export function makeKey(book: KeyBook, changes: Parameters<KeyBook["create"]>[0] = {}) {
  return book.create(changes, null, "test");
}

const idle = {
  inFlight: () => 0,
  uncaught: () => 0,
  dropped: () => 0,
  droppedRows: () => 0,
  droppedBodies: () => 0,
  reload: () => ({ faults: [], routes: 1 }),
  preview: () => ({ faults: [], warnings: [], added: [], changed: [], removed: [] }),
};

async function answerOf(reply: Promise<Response>): Promise<Answer> {
  const response = await reply;
  const { status, headers } = response;
  const text = await response.text();
  const isJson = (headers.get("content-type") ?? "").includes("json");
  return { status, headers, text, body: isJson ? JSON.parse(text) : {} };
}

async function databaseText(file: string): Promise<string> {
  const parts = [file, `${file}-wal`].map((name) => Bun.file(name));
  const texts = await Promise.all(
    parts.map(async (part) => ((await part.exists()) ? part.text() : "")),
  );
  return texts.join("");
}
