import { isIP } from "node:net";
import { isFraming } from "./compile-headers.ts";
import { type Finding, fault, type KeyPath } from "./findings.ts";
import { isRecord, valueAt } from "./walk.ts";

const maxEntries = 100;
const maxValueBytes = 8 * 1024;

/**
 * What an endpoint made through the API may not have from now on, though a file's may, or one that was stored before:
 * headers of the connection, more than a request can carry, a name that no certificate has.
 */
export function storedLimits(settings: unknown, path: KeyPath): Finding[] {
  return [
    ...entryFaults(valueAt(settings, ["headers"]), [...path, "headers"]),
    ...framingFaults(valueAt(settings, ["headers"]), [...path, "headers"]),
    ...entryFaults(valueAt(settings, ["default_query_params"]), [...path, "default_query_params"]),
    ...nameFaults(valueAt(settings, ["tls", "server_name"]), [...path, "tls", "server_name"]),
  ];
}

function entryFaults(map: unknown, path: KeyPath): Finding[] {
  if (!isRecord(map)) return [];
  const entries = Object.entries(map);
  if (entries.length > maxEntries) {
    return [fault(path, `these are more than ${maxEntries}`, "Take some of them out.")];
  }
  return entries
    .filter(([, value]) => Buffer.byteLength(String(value)) > maxValueBytes)
    .map(([name]) => fault([...path, name], "this is longer than 8 KiB", "Write a shorter one."));
}

function framingFaults(headers: unknown, path: KeyPath): Finding[] {
  if (!isRecord(headers)) return [];
  return Object.keys(headers)
    .filter((name) => isFraming(name) || /^proxy-/i.test(name))
    .map((name) => fault([...path, name], "this header belongs to the connection", "Take it out."));
}

function nameFaults(name: unknown, path: KeyPath): Finding[] {
  if (typeof name !== "string" || isHostName(name) || isIP(name) !== 0) return [];
  return [fault(path, "this is not a host's name", "Write api.example.com, say.")];
}

/** Dots between labels of letters, digits, - and _ (RFC 1123 §2.1, and what is in use besides). */
function isHostName(text: string): boolean {
  const labels = text.split(".");
  return (
    text.length <= 253 &&
    labels.every((label) => /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/i.test(label))
  );
}
