import type { CommandGroup } from "./command.ts";
import { keysCreateCommand } from "./keys-create.ts";
import { keysImportCommand } from "./keys-import.ts";
import { keysListCommand } from "./keys-list.ts";
import { keysRevokeCommand } from "./keys-revoke.ts";

/** `tollgate keys`: asks the gateway that runs on the data directory, or opens the directory itself where none does. */
export const keysCommands: CommandGroup = {
  name: "keys",
  about: "Make, list, revoke and import virtual keys, whether the gateway runs or not.",
  commands: [keysCreateCommand, keysListCommand, keysRevokeCommand, keysImportCommand],
};
