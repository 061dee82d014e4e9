import { openLedgerWork } from "../../src/ledger-work.ts";

/** A process that folds a segment and says how far it came: to be killed on the way. */
const [file = "", segment = "", end = "0"] = process.argv.slice(2);
const work = openLedgerWork({ file, keepRows: true });
console.log("begun");
console.log(await work.fold(segment, Number(end)));
await work.close();
