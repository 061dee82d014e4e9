/** So many bytes are shown at first, and at most. */
export const firstHexBytes = 4_096;
export const mostHexBytes = 65_536;

/** Lines as `00000010  48 65 6c 6c 6f …  |Hello…|`, sixteen bytes each. */
export function hexDump(bytes: Uint8Array, most = mostHexBytes): string {
  const end = Math.min(bytes.length, most);
  const lines: string[] = [];
  for (let at = 0; at < end; at += 16)
    lines.push(hexLine(bytes.subarray(at, Math.min(at + 16, end)), at));
  return lines.join("\n");
}

function hexLine(bytes: Uint8Array, at: number): string {
  const codes = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"));
  const halves = [codes.slice(0, 8).join(" "), codes.slice(8).join(" ")];
  const text = Array.from(bytes, shown).join("");
  return `${at.toString(16).padStart(8, "0")}  ${halves.join("  ").padEnd(48)}  |${text}|`;
}

/** ASCII that can be seen; a dot for all else. */
function shown(byte: number): string {
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".";
}

/** The bytes of a text in base64, of either alphabet; null where it is none. */
export function bytesOfBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(binary, (char) => char.charCodeAt(0));
  } catch {
    return null;
  }
}
