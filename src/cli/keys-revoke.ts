import type { Command } from "./command.ts";
import { checked, placeFlags, withKeysAdmin } from "./keys-admin.ts";

/** The key itself, or its id; every other word is an alias. */
const keyOrId = /^(?:sk-.*|[0-9a-f]{32})$/;

export const keysRevokeCommand: Command = {
  name: "keys revoke",
  about: "Revoke keys, at once and for good: all that are named, or none where one is not known.",
  usage: "<id|alias|key>… [flags]",
  words: { what: "the id, the alias or the key itself", least: 1, most: Infinity },
  flags: placeFlags,
  run: ({ values }, words) =>
    withKeysAdmin(values, { mayBeNew: false }, async (admin) => {
      const keys = words.filter((word) => keyOrId.test(word));
      const aliases = words.filter((word) => !keyOrId.test(word));
      checked(
        await admin.ask("POST", "/key/delete", {
          ...(keys.length === 0 ? {} : { keys }),
          ...(aliases.length === 0 ? {} : { key_aliases: aliases }),
        }),
      );
      process.stdout.write(`Revoked ${words.length} ${words.length === 1 ? "key" : "keys"}.\n`);
      return 0;
    }),
};
