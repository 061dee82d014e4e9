import { Database } from "bun:sqlite";
import { type BodyLogOptions, openBodyLog } from "../../src/log-work.ts";
import { temporaryFolder } from "../process/program.ts";

/** A log in a folder of its own, and what it told. */
export function start(options: Partial<BodyLogOptions> = {}) {
  const folder = temporaryFolder();
  const file = options.file ?? folder.file("logs.db");
  const told: (string | null)[] = [];
  const aside: string[] = [];
  const open = () =>
    openBodyLog({
      file,
      retention: () => ({ maxAgeMs: null, maxBytes: null }),
      troubled: (reason) => told.push(reason),
      movedAside: (place) => aside.push(place),
      ...options,
    });
  const log = open();
  return {
    file,
    folder,
    log,
    open,
    told,
    aside,
    async [Symbol.asyncDispose]() {
      await log.close();
      folder[Symbol.dispose]();
    },
  };
}

/** Calls in the file. */
export function stored(file: string): number {
  using database = new Database(file);
  return database.query<{ n: number }, []>("SELECT count(*) AS n FROM calls").get()?.n ?? -1;
}

export async function failureOf(question: Promise<unknown>): Promise<string> {
  return await question.then(String, String);
}
