import { runGateway } from "../run.ts";
import { type Command, configFlag, envFileFlag, listenFlags } from "./command.ts";
import type { Options } from "./options.ts";
import { dataDirectory, logLevel, readSettings, tlsFiles } from "./settings.ts";

export const serveCommand: Command = {
  name: "serve",
  about: "Start the gateway.",
  usage: "[flags]",
  flags: [
    configFlag,
    ...listenFlags,
    { name: "data-dir", value: "dir", about: "What it keeps ($STATE_DIRECTORY, else ./data)." },
    envFileFlag,
    { name: "log-level", value: "level", about: "debug, info (default), warn or error." },
    {
      name: "detailed_debug",
      value: null,
      about: "Also log which route matched and the header names.",
    },
    { name: "tls-cert", value: "file", about: "Serve TLS with this certificate (PEM)." },
    { name: "tls-key", value: "file", about: "Its key (PEM)." },
    { name: "takeover", value: null, about: "Take over from the gateway that runs here." },
  ],
  run: serve,
};

async function serve({ values }: Options): Promise<number> {
  const settings = readSettings(values);
  return runGateway({
    ...settings,
    level: logLevel(values),
    detailed: values.has("detailed_debug"),
    tls: tlsFiles(values),
    takeover: values.has("takeover"),
    dataDirectory: dataDirectory(values, settings.env),
  });
}
