import { expect } from "bun:test";
import type { Tab } from "./browser.ts";

/** Texts by what their column, or they themselves, are called. */
export type Cells = Readonly<Record<string, string>>;

const text = JSON.stringify;

/** Goes to another page as a link of the page does. */
export async function go(tab: Tab, path: string): Promise<void> {
  await tab.view.evaluate(`history.pushState(null, "", ${text(path)})`);
}

/** Every row of the table whose caption has these words, as far as it can be seen. */
export async function tableOf(tab: Tab, caption: string): Promise<readonly Cells[]> {
  return tab.view.evaluate(`(() => {
    const table = [...document.querySelectorAll("table")].find((one) => one.caption?.textContent.includes(${text(caption)}));
    const names = [...(table?.tHead.rows[0].cells ?? [])].map((one) => one.textContent.replace(/[↑↓]$/, ""));
    return [...(table?.tBodies[0]?.rows ?? [])].map((row) =>
      Object.fromEntries([...row.cells].map((cell, at) => [names[at], cell.innerText.trim().replace(/\\s+/g, " ")])));
  })()`);
}

/** The numbers with a name: `Spend`, `Calls`. Of the card with this title, where one is given. */
export async function statsOf(tab: Tab, card = ""): Promise<Cells> {
  return tab.view.evaluate(`(() => {
    const inside = ${text(card)} === "" ? document : [...document.querySelectorAll("section")].find((one) => one.querySelector("h2")?.textContent.startsWith(${text(card)}));
    return Object.fromEntries([...(inside?.querySelectorAll(".stat") ?? [])].map((one) =>
      [one.querySelector("dt").textContent, one.querySelector(".stat-value").innerText.trim().replace(/\\s+/g, " ")]));
  })()`);
}

/** The data of a chart: by its heads, the lines of its table. */
export async function chartOf(tab: Tab, label: string): Promise<readonly Cells[]> {
  return tab.view.evaluate(`(() => {
    const chart = [...document.querySelectorAll("figure.chart")].find((one) => one.querySelector("figcaption").textContent === ${text(label)});
    const table = chart?.querySelector("details table");
    const names = [...(table?.tHead.rows[0].cells ?? [])].map((one) => one.textContent.trim());
    return [...(table?.tBodies[0].rows ?? [])].map((row) =>
      Object.fromEntries([...row.cells].map((cell, at) => [names[at], cell.textContent])));
  })()`);
}

/** Reads until what is read is this: pages fill by and by. */
export async function settles<Read>(read: () => Promise<Read>, wanted: Read): Promise<void> {
  let seen = await read().catch(() => undefined);
  for (const end = Date.now() + 5_000; Date.now() < end && !Bun.deepEquals(seen, wanted);) {
    await Bun.sleep(25);
    seen = await read().catch(() => undefined);
  }
  expect<unknown>(seen).toEqual(wanted);
}

/** Of each row only these columns. */
export function columns(
  rows: readonly Cells[],
  names: readonly string[],
): (string | undefined)[][] {
  return rows.map((row) => names.map((name) => row[name]));
}

/** In an order of their own, for what the page may put in any. */
export function inAnyOrder<Line>(lines: readonly Line[]): Line[] {
  return lines.toSorted((one, other) => (String(one) < String(other) ? -1 : 1));
}
