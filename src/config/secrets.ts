import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Where references are looked up. */
export interface SecretSource {
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A text with its references replaced, or what could not be. */
export interface Resolved {
  readonly text: string;
  /** References that could not be resolved, as they stand in the text. */
  readonly missing: readonly string[];
  /** At least one reference was replaced. */
  readonly secret: boolean;
}

/** `os.environ/NAME` and `os.environ/{NAME}` anywhere; `cred/NAME` at the start of a word. */
const reference =
  /os\.environ\/(?:\{([^}]*)\}|(\w+))|(?<![^\s"'])cred\/(?:\{([\w.-]+)\}|([\w.-]+))/g;

/**
 * Replaces every reference: `os.environ/NAME`, `os.environ/{NAME}suffix`, and `cred/NAME`, a file of
 * `$CREDENTIALS_DIRECTORY` (systemd's LoadCredential) without its last line break. An empty value counts as missing.
 */
export function resolveReferences(text: string, source: SecretSource): Resolved {
  const missing: string[] = [];
  let secret = false;
  const resolved = text.replace(reference, (whole, braced, bare, credBraced, credBare) => {
    const name: string | undefined = braced ?? bare;
    const value =
      name === undefined ? credential(credBraced ?? credBare, source) : source.env[name];
    if (value === undefined || value === "") {
      missing.push(whole);
      return whole;
    }
    secret = true;
    return value;
  });
  return { text: resolved, missing, secret };
}

function credential(name: string, { env }: SecretSource): string | undefined {
  const directory = env["CREDENTIALS_DIRECTORY"];
  if (directory === undefined || name.includes("..")) return undefined;
  try {
    return readFileSync(join(directory, name), "utf8").replace(/\r?\n$/, "");
  } catch {
    return undefined;
  }
}
