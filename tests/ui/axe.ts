import type { Tab } from "./browser.ts";

const source = await Bun.file(Bun.resolveSync("axe-core/axe.min.js", import.meta.dir)).text();
const everyRule = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** All that colours can do wrong. */
const rulesOfColours = ["color-contrast", "link-in-text-block"];

const run = (rules: readonly string[]) => `axe.run(document, {
  runOnly: ${JSON.stringify(rules)}, resultTypes: ["violations"],
}).then(({ violations }) => JSON.stringify(violations.map(({ id, nodes }) => \`\${id}: \${nodes.slice(0, 3).map(
  ({ target, failureSummary }) => \`\${target.join(" ")}: \${failureSummary}\`).join("; ")}\`)))`;

/** What is wrong with the page as it is shown now, by the rules of WCAG 2.2 A and AA that a program can check. */
export async function axe(tab: Tab, isOfColours = false): Promise<string[]> {
  const isThere = (await tab.view.evaluate("typeof axe")) === "object";
  if (!isThere) await tab.view.cdp("Runtime.evaluate", { expression: source });
  const rules = isOfColours ? rulesOfColours : everyRule;
  const found: unknown = JSON.parse(String(await tab.view.evaluate(run(rules))));
  return Array.isArray(found) ? found.map(String) : [];
}
