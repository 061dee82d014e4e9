import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { outcomeOf, type Outcome } from "./both-ways.ts";

/** The environments that `tests/clients/setup` makes. */
export type Venv = "langfuse2" | "current";

const root = join(import.meta.dir, "../..");
const pythonOf = (venv: Venv) => join(root, ".venv", venv, "bin/python");

/** Whether to leave tests out because their environment was not made; with `CI` set it must be there. */
export function withoutVenv(venv: Venv): boolean {
  if (existsSync(pythonOf(venv))) return false;
  if (process.env["CI"]) throw new Error(`.venv/${venv} is missing: run tests/clients/setup`);
  return true;
}

export interface PythonScript {
  readonly venv: Venv;
  /** A file in `scripts/`. */
  readonly script: string;
  /** Modules of the SDK that read a clock of their own. */
  readonly clocks?: readonly string[];
  readonly env?: Record<string, string>;
}

/** Runs a script with its ids and clock fixed; `:4000` in it becomes the port, `BASE_URL` is set. */
export async function runPython(
  { venv, script, clocks = [], env }: PythonScript,
  port: number,
): Promise<Outcome> {
  const dir = mkdtempSync(join(tmpdir(), "tollgate-client-"));
  const file = join(dir, script);
  const source = await Bun.file(join(import.meta.dir, "scripts", script)).text();
  writeFileSync(file, source.replaceAll(":4000", `:${port}`));
  try {
    return await outcomeOf([pythonOf(venv), join(import.meta.dir, "fixed.py"), file, ...clocks], {
      BASE_URL: `http://localhost:${port}`,
      DO_NOT_TRACK: "1",
      HF_HUB_OFFLINE: "1",
      HOME: dir,
      PYTHONDONTWRITEBYTECODE: "1",
      PYTHONUTF8: "1",
      ...env,
    });
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
