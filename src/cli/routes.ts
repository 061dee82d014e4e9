import type { CommandGroup } from "./command.ts";
import { routesAddCommand } from "./routes-add.ts";
import { routesListCommand } from "./routes-list.ts";
import { routesRemoveCommand } from "./routes-remove.ts";

/** `tollgate routes`: asks the gateway that runs on the data directory, or opens the directory itself where none does. */
export const routesCommands: CommandGroup = {
  name: "routes",
  about: "List, add and remove routes, whether the gateway runs or not.",
  commands: [routesListCommand, routesAddCommand, routesRemoveCommand],
};
