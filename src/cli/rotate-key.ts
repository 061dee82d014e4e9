import { Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import type { Command } from "./command.ts";
import { checked, placeFlags, unexpected, withKeysAdmin } from "./keys-admin.ts";

const Rotated = Type.Object({
  resealed: Type.Integer(),
  kid: Type.String(),
  lines: Type.Integer(),
});

const path = "/config/rotate_key";

export const rotateKeyCommand: Command = {
  name: "rotate-key",
  about: "Seal the secrets of endpoints under a new line of the salt key, while calls go on.",
  usage: "[flags]",
  flags: placeFlags,
  run: ({ values }) =>
    withKeysAdmin(values, { mayBeNew: false }, async (admin) => {
      const rotated = checked(await admin.ask("POST", path));
      if (!Value.Check(Rotated, rotated)) throw unexpected(path);
      const { resealed, kid, lines } = rotated;
      const secrets = `${resealed} ${resealed === 1 ? "secret" : "secrets"}`;
      process.stdout.write(
        `Sealed ${secrets} anew, under the key ${kid}. The salt key has ${lines} ${lines === 1 ? "line" : "lines"} now: a backup of it from before cannot open them.\n`,
      );
      return 0;
    }),
};
