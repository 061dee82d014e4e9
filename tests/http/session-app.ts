import { Elysia } from "elysia";
import { KeyDigester, KeySecret } from "../../src/core/key.ts";
import type { KeyBook } from "../../src/core/key-book.ts";
import type { Entrance } from "../../src/core/types.ts";
import type { AdminDeps } from "../../src/http/admin-auth.ts";
import { audit } from "../../src/http/audit.ts";
import { errors } from "../../src/http/errors.ts";
import { createFailedAttempts } from "../../src/http/failed-attempts.ts";
import { keyIssuing } from "../../src/http/key-issuing.ts";
import { keyReading } from "../../src/http/key-reading.ts";
import { keys } from "../../src/http/keys.ts";
import { page } from "../../src/http/page.ts";
import { routes } from "../../src/http/routes.ts";
import { createSessions } from "../../src/http/session-book.ts";
import { sessions } from "../../src/http/sessions.ts";
import { openKeyBook } from "../../src/keys/key-book.ts";
import { openPageFiles } from "../../src/page-files.ts";
import { openKeyStore } from "../../src/storage/sqlite/key-store.ts";
import { build } from "../config/load.ts";
import type { Certificate } from "../gateway/certificates.ts";
import { temporaryFolder } from "../process/program.ts";

export const masterKey = "sk-master-key-of-this-test";

export interface SessionAppOptions {
  /** Lines of `general_settings`. */
  readonly settings?: string;
  /** Null: there is none. */
  readonly masterKey?: string | null;
  readonly tls?: Certificate;
  readonly rootPath?: string;
}

/** The admin API and the page on a port of their own, over a real key store; its clock stands still until it is moved. */
export function startSessionApp(options: SessionAppOptions = {}) {
  const { rootPath = "", settings = "", tls } = options;
  const folder = temporaryFolder();
  const file = folder.file("tollgate.db");
  const store = openKeyStore(file);
  const digester = new KeyDigester("pepper of this test");
  const book = openKeyBook({ store, digester });
  const clock = { now: Date.now(), attempts: 0 };
  const rules = build(`general_settings:\n  master_key: ${masterKey}\n${settings}`).runtime?.rules;
  if (rules === undefined) throw new Error("a config with faults");
  let master = options.masterKey === undefined ? masterKey : options.masterKey;
  const secret = () => (master === null ? null : new KeySecret(master));
  const failures: unknown[] = [];
  const entrance: Entrance = {
    addressOf: (request) => server.requestIP(request)?.address ?? "",
    onLoopback: true,
    isTls: tls !== undefined,
    hold: () => {},
    release: () => {},
  };
  const admin: AdminDeps = {
    rules: () => ({ ...rules, keys: { ...rules.keys, masterKey: secret() } }),
    adminHosts: () => new Set(["admin.example.com"]),
    entrance,
    book,
    standings: { standing: () => ({ spentNanoUsd: 0, heldNanoUsd: 0, periodStart: 0 }) },
    adjust: () => {},
    masterKey: secret,
    failures: createFailedAttempts(() => clock.attempts),
    sessions: createSessions({
      store,
      book,
      digest: (text) => digester.digest(text),
      masterKeyDigest: () => (master === null ? null : digester.digest(master)),
      now: () => clock.now,
    }),
    trusted: null,
  };
  const api = new Elysia({ prefix: rootPath })
    .use(routes(admin))
    .use(keyIssuing(admin))
    .use(keys(admin))
    .use(keyReading(admin))
    .use(audit(admin))
    .use(sessions(admin, rootPath));
  const app = new Elysia({ strictPath: true })
    .use(errors((error) => failures.push(error)))
    .use(api)
    .use(page(admin, openPageFiles, rootPath));
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    ...(tls === undefined ? {} : { tls: { cert: tls.cert, key: tls.key } }),
    fetch: (request) => app.fetch(underFixedName(request)),
  });
  const host = `127.0.0.1:${server.port}`;
  return {
    url: `${tls === undefined ? "http" : "https"}://${host}`,
    host,
    port: server.port ?? 0,
    book,
    store,
    failures,
    clock,
    rotate: (key: string) => (master = key),
    /** Changes keys as another process does: over a connection of its own. */
    elsewhere: (work: (book: KeyBook) => void) => {
      const other = openKeyBook({ store: openKeyStore(file), digester });
      work(other);
      other.close();
    },
    /** All that is on the disk, the write-ahead log too. */
    databaseText: async () =>
      (await Bun.file(file).text()) + (await Bun.file(`${file}-wal`).text()),
    [Symbol.dispose]() {
      server.stop(true);
      store.close();
      folder[Symbol.dispose]();
    },
  };
}

export type SessionApp = ReturnType<typeof startSessionApp>;

/** As the gateway does it: the framework counts characters. */
function underFixedName(request: Request): Request {
  const { url } = request;
  const target = url.slice(url.indexOf("/", url.indexOf("://") + 3));
  return Object.defineProperty(request, "url", { value: `http://localhost${target}` });
}

export interface Asked {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Of a reply that is JSON. */
  readonly body: Record<string, unknown>;
  /** The code of an error. */
  readonly type: string;
}

/** What a browser adds to a request of the page itself. */
export function ownPage(app: SessionApp): Record<string, string> {
  return { origin: app.url, "sec-fetch-site": "same-origin", "x-tollgate-page": "1" };
}

/** One request with exactly these headers. */
export async function ask(
  app: SessionApp,
  line: string,
  headers: Record<string, string>,
  body: string | null = null,
): Promise<Asked> {
  const [method = "", path = ""] = line.split(" ");
  const response = await fetch(app.url + path, {
    method,
    headers,
    redirect: "manual",
    tls: { rejectUnauthorized: false },
    ...(body === null ? {} : { body }),
  });
  const text = await response.text();
  const isJson = (response.headers.get("content-type") ?? "").includes("json");
  const parsed: unknown = isJson ? JSON.parse(text) : {};
  const members = isObject(parsed) ? parsed : {};
  const error = isObject(members["error"]) ? members["error"] : {};
  const { status, headers: told } = response;
  return { status, headers: told, text, body: members, type: String(error["type"] ?? "") };
}

/** Signs in as the page does; `headers` come on top. */
export function signIn(app: SessionApp, key: string, headers: Record<string, string> = {}) {
  const all = { ...ownPage(app), "content-type": "application/json", ...headers };
  return ask(app, "POST /ui/session", all, JSON.stringify({ key }));
}

/** `name=value` of the cookie that a reply sets. */
export function cookieOf({ headers }: Asked): string {
  const [cookie = ""] = (headers.get("set-cookie") ?? "").split(";");
  if (cookie === "") throw new Error("no cookie is set");
  return cookie;
}

/** A browser that is signed in with a key: requests of the page, with its cookie. */
export async function signedIn(app: SessionApp, key = masterKey) {
  const cookie = cookieOf(await signIn(app, key));
  return {
    cookie,
    ask: (line: string, headers: Record<string, string> = {}, body: string | null = null) =>
      ask(app, line, { ...ownPage(app), cookie, ...headers }, body),
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
