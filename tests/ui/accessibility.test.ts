import { afterAll, beforeAll, expect } from "bun:test";
import { type Gateway, startGateway } from "../helpers/gateway.ts";
import { axe } from "./axe.ts";
import { browserTest, pageKey, Tab } from "./browser.ts";
import { type FullGateway, startFullGateway } from "./full-gateway.ts";
import { emptyStops, type Stop, stops } from "./page-walk.ts";

const limitMs = 90_000;

let full: FullGateway;
let empty: Gateway;
let unset: Gateway;

beforeAll(async () => {
  [full, empty, unset] = await Promise.all([
    startFullGateway(),
    startGateway(`general_settings: { master_key: ${pageKey} }`),
    startGateway("general_settings: {}"),
  ]);
}, 30_000);

afterAll(() => Promise.all([full.gateway, empty, unset].map((one) => one[Symbol.asyncDispose]())));

const widths = [1280, 390] as const;
const schemes = ["light", "dark"] as const;

/** What is wrong with what is shown now: on a desk and on a phone, by day and by night. */
async function faults(tab: Tab, name: string): Promise<string[]> {
  const found: string[] = [];
  for (const width of widths) {
    await tab.view.resize(width, 900);
    for (const scheme of schemes) {
      const features = [{ name: "prefers-color-scheme", value: scheme }];
      await tab.view.cdp("Emulation.setEmulatedMedia", { features });
      await tab.until(`document.documentElement.dataset.theme === "${scheme}"`);
      for (const fault of await axe(tab, scheme === "dark"))
        found.push(`${name} ${width} ${scheme}: ${fault}`);
    }
    const wide = "document.documentElement.scrollWidth > innerWidth";
    if (await tab.view.evaluate(wide)) found.push(`${name} ${width}: scrolls sideways`);
  }
  await tab.view.resize(1280, 900);
  found.push(...tab.complaints.splice(0).map((complaint) => `${name}: ${complaint}`));
  return found;
}

async function faultsOf(tab: Tab, walk: readonly Stop[]): Promise<string[]> {
  const found: string[] = [];
  for (const { name, go } of walk) {
    await go(tab, full);
    found.push(...(await faults(tab, name)));
  }
  return found;
}

browserTest(
  "every page that has something to show is accessible, fits a phone and complains of nothing",
  async () => {
    await using tab = new Tab(full.gateway);
    await tab.signIn();

    expect(await faultsOf(tab, stops)).toEqual([]);
  },
  limitMs,
);

browserTest(
  "so are the pages that have nothing yet, and what is shown before one has signed in",
  async () => {
    await using first = new Tab(unset);
    await first.open("/ui");
    await first.shows("Set a master key first");
    await using tab = new Tab(empty);
    await tab.open("/ui");
    await tab.shows("Sign in");

    expect(await faults(first, "first-run")).toEqual([]);
    expect(await faults(tab, "sign-in")).toEqual([]);
    await tab.signIn();
    expect(await faultsOf(tab, emptyStops)).toEqual([]);
  },
  limitMs,
);
