import type { Command } from "./command.ts";
import { placeFlags, withKeysAdmin } from "./keys-admin.ts";
import { printable } from "./printable.ts";
import { allEndpoints, type ListedEndpoint } from "./routes-reply.ts";
import { table } from "./table.ts";

export const routesListCommand: Command = {
  name: "routes list",
  about: "List the routes of the configuration and those made through the API. Secrets are masked.",
  usage: "[flags]",
  flags: [
    { name: "json", value: null, about: "Print them as JSON, with everything that is known." },
    ...placeFlags,
  ],
  run: ({ values }) =>
    withKeysAdmin(values, { mayBeNew: false }, async (admin) => {
      const endpoints = await allEndpoints(admin);
      const text = values.has("json") ? JSON.stringify(endpoints, null, 2) : routesTable(endpoints);
      process.stdout.write(`${text}\n`);
      return 0;
    }),
};

function routesTable(endpoints: readonly ListedEndpoint[]): string {
  const head = ["ID", "PATH", "METHODS", "TARGET", "AUTH", "OWNER", "VERSION"];
  const rows = endpoints.map((endpoint) => [
    endpoint.id ?? "-",
    endpoint.path + (endpoint.include_subpath ? "/*" : "").slice(endpoint.path === "/" ? 1 : 0),
    endpoint.methods?.join(",") ?? "any",
    endpoint.enabled ? endpoint.target : `off (${endpoint.unset?.join(", ")} not set)`,
    endpoint.auth === null ? "key, or this machine" : endpoint.auth ? "key" : "anyone",
    ownerOf(endpoint),
    String(endpoint.version ?? "-"),
  ]);
  return table([head, ...rows.map((row) => row.map(printable))]).join("\n");
}

function ownerOf({
  is_from_config: isConfigured,
  config_file: file,
  config_line: line,
}: ListedEndpoint) {
  return isConfigured ? `${file}:${line}` : "api";
}
