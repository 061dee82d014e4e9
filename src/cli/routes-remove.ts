import type { Command } from "./command.ts";
import { placeFlags, withKeysAdmin } from "./keys-admin.ts";
import { UsageError } from "./options.ts";
import { printable } from "./printable.ts";
import { allEndpoints, endpointsIn, endpointsPath, type ListedEndpoint } from "./routes-reply.ts";

export const routesRemoveCommand: Command = {
  name: "routes remove",
  about:
    "Remove a route that was made through the API, at once. Those of a file are changed there.",
  usage: "<id|path> [flags]",
  words: { what: "the id, or the path where no other route has it", least: 1, most: 1 },
  flags: placeFlags,
  run: ({ values }, [name = ""]) =>
    withKeysAdmin(values, { mayBeNew: false }, async (admin) => {
      const meant = endpointOf(name, await allEndpoints(admin));
      const query = new URLSearchParams({ endpoint_id: meant.id ?? "" });
      endpointsIn(await admin.ask("DELETE", `${endpointsPath}?${query}`));
      process.stdout.write(`Removed ${printable(meant.path)} (${printable(meant.id ?? "")}).\n`);
      return 0;
    }),
};

function endpointOf(name: string, endpoints: readonly ListedEndpoint[]): ListedEndpoint {
  const byId = endpoints.find(({ id }) => id === name);
  if (byId !== undefined) return byId;
  const [first, ...others] = endpoints.filter(({ path }) => path === name);
  if (first === undefined) {
    throw new UsageError(`No route has the id or the path ${name}: see tollgate routes list.`);
  }
  if (others.length === 0) return first;
  const ids = [first, ...others].map(({ id }) => id).join(", ");
  throw new UsageError(`Several routes have the path ${name}. Name one by its id: ${ids}.`);
}
