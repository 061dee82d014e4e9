import { hostnames } from "../listeners.ts";
import { attempt } from "../reloader.ts";
import { type Command, configFlag, envFileFlag, listenFlags } from "./command.ts";
import { readSettings } from "./settings.ts";

export const checkCommand: Command = {
  name: "check",
  about: "Say what a configuration would do, and what is wrong with it.",
  usage: "[flags]",
  flags: [configFlag, ...listenFlags, envFileFlag],
  run: async ({ values }) => {
    const { source, env, host, port } = readSettings(values);
    const { faults, warnings } = attempt(source, {
      env,
      addresses: hostnames(host),
      port,
      sampleUrl: () => "http://127.0.0.1:0",
    });
    for (const line of [...warnings, ...faults]) process.stdout.write(`${line}\n`);
    return faults.length === 0 ? 0 : 2;
  },
};
