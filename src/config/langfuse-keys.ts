import { type Finding, fault, type KeyPath } from "./findings.ts";

/** Langfuse's two keys as one header; null where the route names none. */
export interface LangfuseKeys {
  readonly authorization: string | null;
  readonly findings: readonly Finding[];
}

const publicName = "LANGFUSE_PUBLIC_KEY";
const secretName = "LANGFUSE_SECRET_KEY";

/** Takes the two names out of `headers`: they are never sent; together they are HTTP Basic credentials. */
export function takeLangfuse(headers: Map<string, string>, path: KeyPath): LangfuseKeys {
  const publicKey = headers.get(publicName);
  const secretKey = headers.get(secretName);
  headers.delete(publicName);
  headers.delete(secretName);
  if (publicKey === undefined && secretKey === undefined) {
    return { authorization: null, findings: [] };
  }
  if (publicKey === undefined || secretKey === undefined) {
    const there = publicKey === undefined ? secretName : publicName;
    const gone = publicKey === undefined ? publicName : secretName;
    const finding = fault([...path, there], `${gone} is missing beside it`, "Set both.");
    return { authorization: null, findings: [finding] };
  }
  const findings = [
    ...keyFaults(publicKey, [...path, publicName]),
    ...keyFaults(secretKey, [...path, secretName]),
  ];
  const credentials = Buffer.from(`${publicKey}:${secretKey}`).toString("base64");
  return { authorization: `Basic ${credentials}`, findings };
}

/** A line break would vanish into the encoding, and Langfuse would know no such key. */
function keyFaults(key: string, path: KeyPath): Finding[] {
  if (!/[\s\0]/.test(key)) return [];
  const message = "the key holds a blank, a line break or a NUL";
  return [fault(path, message, "Check the variable it comes from.")];
}
