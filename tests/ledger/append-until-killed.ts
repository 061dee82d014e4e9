import { writeSync } from "node:fs";
import { encodeEntry } from "../../src/ledger/format.ts";
import { openJournal, rowText } from "./open-journal.ts";
import { between, callRow, openEntry, seeded } from "./parts.ts";

const [, , folder = "", name = ""] = process.argv;
const { journal } = openJournal(folder, { owner: `${process.pid}-${name}` });
const random = seeded(Number(name));

/** Says that a record is kept once it is. */
async function tell(id: string): Promise<void> {
  if (await journal.written()) writeSync(1, `${id}\n`);
}

for (let turn = 0; ; turn++) {
  for (let call = 0; call < between(random, 1, 40); call++) {
    const id = `${name}-${turn}-${call}`;
    journal.append(encodeEntry(openEntry(callRow(id))));
    void tell(`open ${id}`);
    if (random() < 0.7) {
      journal.append(rowText(id, between(random, 0, 4_000)));
      void tell(id);
    }
    if (random() < 0.05) journal.flush();
  }
  await new Promise((resolve) => setImmediate(resolve));
}
