import { readFileSync } from "node:fs";
import { join } from "node:path";

export type Env = Readonly<Record<string, string | undefined>>;

/** Where references are looked up. */
export interface SecretSource {
  readonly env: Env;
}

/** A text with its references replaced, or what could not be. */
export interface Resolved {
  readonly text: string;
  /** References that could not be resolved, as they stand in the text. */
  readonly missing: readonly string[];
  /** At least one reference was replaced. */
  readonly secret: boolean;
}

/** `os.environ/NAME` and `os.environ/{NAME}` anywhere, `os.environ/` without a name too; `cred/NAME` at the start of a word. */
const reference =
  /os\.environ\/(?:\{([^}]*)\}|(\w+))?|(?<![^\s"'])cred\/(?:\{([\w.-]+)\}|([\w.-]+))/g;

/**
 * Replaces every reference: `os.environ/NAME`, `os.environ/{NAME}suffix`, and `cred/NAME`, a file of
 * `$CREDENTIALS_DIRECTORY` (systemd's LoadCredential) without its last line break. An empty value counts as missing.
 * What a reference resolves to is not searched again.
 */
export function resolveReferences(text: string, source: SecretSource): Resolved {
  const missing: string[] = [];
  let secret = false;
  const resolved = text.replace(
    reference,
    (
      whole: string,
      braced: string | undefined,
      bare: string | undefined,
      credBraced: string | undefined,
      credBare: string | undefined,
    ) => {
      const file = credBraced ?? credBare;
      const value =
        file === undefined
          ? variable(source.env, braced ?? bare ?? "")
          : credential(file, source.env);
      if (value === null) {
        missing.push(whole);
        return whole;
      }
      secret = true;
      return value;
    },
  );
  return { text: resolved, missing, secret };
}

/** A variable's value; null where it is not set or empty. Only what is really set counts: `constructor` is a name like any other. */
export function variable(env: Env, name: string): string | null {
  const value = Object.hasOwn(env, name) ? env[name] : undefined;
  return value === undefined || value === "" ? null : value;
}

/** A name holds no slash, so it leads nowhere else. */
function credential(name: string, env: Env): string | null {
  const directory = variable(env, "CREDENTIALS_DIRECTORY");
  if (directory === null) return null;
  try {
    const value = readFileSync(join(directory, name), "utf8").replace(/\r?\n$/, "");
    return value === "" ? null : value;
  } catch {
    return null;
  }
}
