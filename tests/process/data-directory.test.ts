import { expect, test } from "bun:test";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { claimDataDirectory, releaseDataDirectory } from "../../src/process/data-directory.ts";
import { StartError } from "../../src/process/start-error.ts";
import { temporaryFolder } from "./program.ts";

function claim(dataDirectory: string): string {
  try {
    claimDataDirectory({ dataDirectory, port: 1, takeover: false });
    releaseDataDirectory(dataDirectory);
    return "claimed";
  } catch (error) {
    if (error instanceof StartError) return error.message;
    throw error;
  }
}

test.each([
  [0o700, "claimed"],
  [0o770, "claimed"],
  [0o777, "chmod 700"],
  [0o1777, "chmod 700"],
])("a data directory of mode %o", (mode, outcome) => {
  using folder = temporaryFolder();
  const directory = folder.file("data");
  mkdirSync(directory);
  chmodSync(directory, mode);

  expect(claim(directory)).toContain(outcome);
  expect(existsSync(`${directory}/tollgate.lock`)).toBe(false);
});

test("a link in the place of the lock's draft is not followed", () => {
  using folder = temporaryFolder();
  const directory = folder.file("data");
  const precious = folder.file("precious");
  mkdirSync(directory);
  writeFileSync(precious, "as it was");
  symlinkSync(precious, `${directory}/tollgate.lock.${process.pid}`);

  expect(claim(directory)).toBe("claimed");
  expect(readFileSync(precious, "utf8")).toBe("as it was");
});
