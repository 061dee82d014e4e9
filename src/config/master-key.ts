import { type Finding, fault, warning } from "./findings.ts";
import { type Listener, onLoopback } from "./listener.ts";
import { type Env, variable } from "./secrets.ts";

/** The master key, and where it comes from; empty where there is none. */
export interface MasterKey {
  readonly key: string;
  readonly findings: readonly Finding[];
}

/** Long enough, and in everybody's tutorial. */
const publicKeys = new Set(["sk-1234567890abcdef", "sk-my-master-key", "sk-my_special_key"]);

/** `general_settings.master_key`, else `LITELLM_MASTER_KEY`. */
export function masterKeyOf(written: string | undefined, env: Env, listener: Listener): MasterKey {
  const key = written ?? variable(env, "LITELLM_MASTER_KEY") ?? "";
  if (key === "") return { key, findings: [] };
  const path = ["general_settings", "master_key"];
  const name = written === undefined ? "LITELLM_MASTER_KEY" : "the master key";
  if (!/^[\x21-\x7e]+$/.test(key)) {
    const message = `${name} holds blanks, line breaks or other bytes that no client can send`;
    return { key, findings: [fault(path, message, "Take another: openssl rand -hex 24.")] };
  }
  if (!isWeak(key)) return { key, findings: [] };
  const remedy = "Take one of 16 characters or more: openssl rand -hex 24.";
  const finding = onLoopback(listener)
    ? warning(path, `${name} can be guessed (accepted on a loopback address)`, remedy, "unsafe")
    : fault(
        path,
        `${name} can be guessed, and the listener is not on a loopback address`,
        remedy,
        "unsafe",
      );
  return { key, findings: [finding] };
}

function isWeak(key: string): boolean {
  return key.length < 16 || new Set(key).size < 6 || publicKeys.has(key.toLowerCase());
}
