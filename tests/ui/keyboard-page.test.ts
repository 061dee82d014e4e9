import { expect } from "bun:test";
import { startGateway } from "../helpers/gateway.ts";
import { browserTest, pageKey, Tab } from "./browser.ts";

const limitMs = 60_000;

/** What has the focus: its tag, what it is called, what it holds, and whether one sees that: marked, and under nothing. */
interface Focused {
  readonly tag: string;
  readonly name: string;
  readonly value: string;
  readonly isSeen: boolean;
}

const focusedNow = `(() => {
  const one = document.activeElement;
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one);
  const box = one.getBoundingClientRect();
  return JSON.stringify({
    tag: one.localName,
    name: (one.getAttribute("aria-label") ?? one.labels?.[0]?.innerText ?? one.innerText ?? "").trim(),
    value: one.type === "password" ? "" : (one.value ?? ""),
    isSeen: one !== document.body && one.contains(document.elementFromPoint(
        box.left + box.width / 2, (Math.max(0, box.top) + Math.min(innerHeight, box.bottom)) / 2))
      && ((outlineStyle !== "none" && outlineWidth !== "0px") || boxShadow !== "none"),
  });
})()`;

async function focused(tab: Tab): Promise<Focused> {
  return JSON.parse(String(await tab.view.evaluate(focusedNow)));
}

/** Tab by Tab, until the focus is at what is called so; at each stop it can be seen, and is on something. */
async function tabTo(tab: Tab, name: string, backwards = false): Promise<void> {
  for (let pressed = 0; pressed < 80; pressed += 1) {
    await tab.view.press("Tab", backwards ? { modifiers: ["Shift"] } : {});
    const stop = await focused(tab);
    if (stop.tag === "body") continue; // past the last: the browser's own bar is next
    expect(stop).toMatchObject({ isSeen: true });
    if (stop.name === name) return;
  }
  throw new Error(`No Tab leads to “${name}”. The page says: ${await tab.text()}`);
}

browserTest(
  "a route is made, tested and found in the logs with the keyboard alone",
  async () => {
    await using gateway = await startGateway(`general_settings: { master_key: ${pageKey} }`);
    await using tab = new Tab(gateway);
    await tab.open("/ui");
    await tab.until(`document.activeElement.type === "password"`);
    await tab.view.type(pageKey);
    await tab.view.press("Enter");

    await tab.shows("There is no route yet.");
    await tabTo(tab, "Create the first route");
    await tab.view.press("Enter");
    await tab.shows("Where requests go");
    await tabTo(tab, "Path (required)");
    await tab.view.type("/sample");
    await tabTo(tab, "Target (required)");
    await tab.view.type("tollgate://sample");
    await tabTo(tab, "As the gateway is set");
    await tab.view.press("ArrowDown"); // of radio buttons only the chosen one is a stop
    expect(await focused(tab)).toMatchObject({ name: "Log bodies", isSeen: true });
    await tabTo(tab, "Create the route");
    await tab.view.press("Enter");
    await tab.shows("The route is live: what now?");
    await tabTo(tab, "Test it");
    await tab.view.press("Enter");

    await tab.until(`location.pathname === "/ui/test"`);
    await tab.shows("/sample/v1/chat/completions");
    await tabTo(tab, "Send");
    await tab.view.press("Enter");
    await tab.shows("Done in");
    await tabTo(tab, "See it in the logs");
    await tab.view.press("Enter");
    await tab.until(`location.pathname.startsWith("/ui/logs/")`);
    await tab.shows("POST /sample");
    await tabTo(tab, "Request");
    await tab.view.press("ArrowRight");
    expect(await focused(tab)).toMatchObject({ name: "Reply", isSeen: true });
    await tab.shows("What came back");

    await tabTo(tab, "Sign out", true);
    await tab.view.press("Space");
    await tab.until(`document.activeElement.type === "password"`);
    expect(tab.complaints).toEqual([]);
  },
  limitMs,
);

browserTest(
  "the keyboard skips to the content, stays in a dialog, and comes back to where it was",
  async () => {
    await using gateway = await startGateway(`general_settings: { master_key: ${pageKey} }`);
    await using tab = new Tab(gateway);
    await tab.signIn("/ui/keys");
    await tab.shows("There is no valid key.");
    await tab.view.press("Tab");
    expect(await focused(tab)).toMatchObject({ name: "Skip to the content", isSeen: true });
    await tab.view.press("Enter");
    expect(await tab.view.evaluate("document.activeElement.id")).toBe("main");

    await tabTo(tab, "Create a key");
    await tab.view.press("Enter");
    await tab.until(`document.activeElement.closest("dialog") !== null`);
    expect(await focused(tab)).toMatchObject({ name: "Alias", isSeen: true });
    const stops = new Set<string>();
    for (let pressed = 0; pressed < 60; pressed += 1) {
      await tab.view.press("Tab");
      const inside = `document.activeElement === document.body || document.activeElement.closest("dialog") !== null`;
      expect(await tab.view.evaluate(inside)).toBe(true);
      stops.add((await focused(tab)).name);
    }
    expect([...stops]).toEqual(expect.arrayContaining(["Alias", "Close", "Create the key"]));

    await tab.view.press("Escape");
    await tab.until(`document.querySelector("dialog") === null`);
    expect(await focused(tab)).toMatchObject({ name: "Create a key", isSeen: true });
  },
  limitMs,
);
