/** What a tree shows at most; a value beyond it is cut, and says so. */
export const jsonLimits = { depth: 40, members: 2000, textLength: 20_000 } as const;

/** The same value within the limits; `…` stands for what was cut. */
export function withinLimits(value: unknown): { readonly value: unknown; readonly isCut: boolean } {
  let left: number = jsonLimits.members;
  let isCut = false;
  const cut = (text: string) => {
    isCut = true;
    return text;
  };
  const visit = (part: unknown, depth: number): unknown => {
    if (typeof part === "string") {
      const { textLength } = jsonLimits;
      return part.length > textLength ? cut(`${part.slice(0, textLength)}…`) : part;
    }
    if (typeof part !== "object" || part === null) return part;
    if (depth >= jsonLimits.depth) return cut("…");
    const kept: [string, unknown][] = [];
    for (const [name, member] of Object.entries(part)) {
      if (left <= 0) {
        kept.push([Array.isArray(part) ? String(kept.length) : "…", cut("…")]);
        break;
      }
      left -= 1;
      kept.push([name, visit(member, depth + 1)]);
    }
    return Array.isArray(part) ? kept.map(([, member]) => member) : Object.fromEntries(kept);
  };
  return { value: visit(value, 0), isCut };
}
