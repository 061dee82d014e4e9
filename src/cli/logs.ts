import { askControl, ControlError } from "../control.ts";
import { ownerOf } from "../process/data-directory.ts";
import { StartError } from "../process/start-error.ts";
import { tell } from "../process/tell.ts";
import type { Command } from "./command.ts";
import { placeFlags, withKeysAdmin } from "./keys-admin.ts";
import { type Ask, latestCalls, type ListedCall } from "./logs-calls.ts";
import { callText } from "./logs-detail.ts";
import { follower, inOrder } from "./logs-follow.ts";
import { jsonText, type Output, standardOutput } from "./logs-output.ts";
import { filterFlags, logsQuery } from "./logs-query.ts";
import { callTable } from "./logs-table.ts";
import { UsageError } from "./options.ts";
import { dataDirectory, readSettings } from "./settings.ts";

type Values = ReadonlyMap<string, string>;
type Query = Readonly<Record<string, string>>;

const standardCount = 50;
const largestCount = 10_000;

/** How often `--follow` asks. */
const paceMs = 1_000;

/** `tollgate logs`: asks the gateway that runs on the data directory, or opens the directory itself where none does. */
export const logsCommand: Command = {
  name: "logs",
  about: "Show the latest calls, or one of them with its bodies; --follow shows them as they end.",
  usage: "[call id] [flags]",
  words: { what: "a call's id", least: 0, most: 1 },
  flags: [
    { name: "follow", short: "f", value: null, about: "Go on with calls as they end." },
    { name: "lines", short: "n", value: "count", about: `So many calls (${standardCount}).` },
    ...filterFlags,
    { name: "json", value: null, about: "One JSON object on each line, with all that is known." },
    ...placeFlags,
  ],
  async run({ values }, [id]) {
    if (id !== undefined) return await showCall(values, id);
    const query = logsQuery(values, Date.now());
    const shown = { query, count: countOf(values), isJson: values.has("json") };
    return values.has("follow") ? await follow(values, shown) : await list(values, shown);
  },
};

interface Shown {
  readonly query: Query;
  readonly count: number;
  readonly isJson: boolean;
}

function countOf(values: Values): number {
  const text = values.get("lines") ?? String(standardCount);
  const count = Number(text);
  if (/^\d{1,5}$/.test(text) && count <= largestCount) return count;
  throw new UsageError(`--lines is a number from 0 to ${largestCount}.`);
}

function showCall(values: Values, id: string): Promise<number> {
  const strange = [...filterFlags.map(({ name }) => name), "follow", "lines"].find((name) =>
    values.has(name),
  );
  if (strange !== undefined) throw new UsageError(`--${strange} does not go with a call's id.`);
  return withKeysAdmin(values, { mayBeNew: false }, async ({ ask }) => {
    await standardOutput().write(await callText(ask, id, values.has("json")));
    return 0;
  });
}

function list(values: Values, shown: Shown): Promise<number> {
  return withKeysAdmin(values, { mayBeNew: false }, async ({ ask }) => {
    await first(ask, shown, printer(shown.isJson, standardOutput()));
    return 0;
  });
}

/** Prints calls; false once nobody reads any more. */
type Print = (calls: readonly ListedCall[]) => Promise<boolean>;

function printer(isJson: boolean, output: Output): Print {
  const table = callTable();
  return (calls) =>
    output.write(isJson ? calls.map((call) => `${jsonText(call)}\n`).join("") : table.lines(calls));
}

async function first(ask: Ask, { query, count }: Shown, print: Print) {
  const { calls } = count === 0 ? { calls: [] } : await latestCalls(ask, query, count);
  return { calls, isRead: await print(inOrder(calls)) };
}

/** Until nobody reads any more, or an interrupt ends the process. A gateway that restarts is waited for. */
async function follow(values: Values, shown: Shown): Promise<number> {
  const directory = dataDirectory(values, readSettings(values).env);
  if (ownerOf(directory) === null) {
    throw new StartError(
      `No gateway runs on ${directory}, so no calls come: start one, or leave out --follow. --data-dir names another directory.`,
      1,
    );
  }
  const ask: Ask = (method, path) => askControl(directory, method, path);
  const print = printer(shown.isJson, standardOutput());
  const from = Date.now();
  const { calls, isRead } = await first(ask, shown, print);
  const news = follower(shown.query, calls, from);
  let isAbsent = false;
  for (let goesOn = isRead; goesOn;) {
    await Bun.sleep(paceMs);
    try {
      const fresh = await news(ask, Date.now());
      isAbsent = false;
      if (fresh.isCut) tell("More calls than can be shown: some are left out.");
      if (fresh.calls.length > 0) goesOn = await print(fresh.calls);
    } catch (error) {
      if (!(error instanceof ControlError && error.absent)) throw error;
      if (!isAbsent) tell("The gateway has ended: waiting for the next one.");
      isAbsent = true;
    }
  }
  return 0;
}
