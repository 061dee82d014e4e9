import { openJournal, rowText } from "./open-journal.ts";

const { journal } = openJournal(process.argv[2] ?? "");
journal.append(rowText("a"));
