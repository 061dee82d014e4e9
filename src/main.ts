import { causeText } from "./logging/cause-text.ts";
import { ownEnvironment, reExecute, refuseEnvironment } from "./process/environment.ts";
import { StartError } from "./process/start-error.ts";
import { tell } from "./process/tell.ts";

const args = process.argv.slice(2);

try {
  if (isServe(args[0])) prepare();
  // Not before: the first of a server's two starts needs none of it.
  const { runCommandLine } = await import("./cli/command-line.ts");
  process.exitCode = await runCommandLine(args);
} catch (error) {
  if (error instanceof StartError) fail(error.message, error.exitCode);
  else fail(causeText(error), 1);
}

function isServe(command = "serve"): boolean {
  return (
    command === "serve" || (command.startsWith("-") && !/^--?(?:h|help|version)$/.test(command))
  );
}

/** Makes of this process one that can serve, if need be by starting the program anew in it. */
function prepare(): void {
  refuseEnvironment(ownEnvironment());
  const warning = reExecute();
  if (warning !== null) tell(`warning: ${warning}`);
}

/** Ends the process: a start that broke off may have left something running. */
function fail(message: string, code: number): never {
  tell(message);
  process.exit(code);
}
