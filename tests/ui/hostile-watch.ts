import { payloads } from "./payloads.ts";
import type { Tab } from "./browser.ts";

/** What one look at the page found. */
export interface Look {
  /** Elements, attributes and addresses that no page of ours has. */
  readonly odd: readonly string[];
  /** Marks of payloads that can be read there, in texts, fields and tooltips. */
  readonly marks: readonly string[];
  readonly isTooWide: boolean;
  readonly path: string;
  readonly failed: boolean;
}

/**
 * Runs in the page before all else. `pwned` is what payloads set: setting it is told, and so is every dialog; `look`
 * waits until the page stands still, and tells what is in it.
 */
const inPage = `(() => {
  const told = (what) => console.error("PWNED " + what);
  Object.defineProperty(window, "pwned", { get: () => undefined, set: () => told("a script ran"), configurable: false });
  for (const name of ["alert", "confirm", "prompt", "print", "open"]) window[name] = () => told(name);
  let busy = 0;
  const ask = window.fetch;
  window.fetch = (...args) => { busy += 1; return ask(...args).finally(() => { busy -= 1; }); };
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  const isThere = () => document.contentType !== "text/html" || document.querySelector("h1, .note, form") !== null;
  const still = async () => {
    for (let quiet = 0, left = 600; quiet < 2 && left > 0; left -= 1) {
      await pause(6);
      quiet = busy === 0 && document.querySelector(".skeleton, .spinner") === null && isThere() ? quiet + 1 : 0;
    }
  };
  const body = () => document.querySelector("body") ?? document.documentElement; // document.body may be a picture of that name
  const elements = new Set(("html head meta title link script noscript body div main aside header footer nav section article figure figcaption h1 h2 h3 h4 p ul ol li dl dt dd " +
    "table caption colgroup col thead tbody tfoot tr th td span bdi bdo code pre kbd samp b i em strong small sub sup mark del ins wbr br hr time abbr q blockquote " +
    "a button input select datalist optgroup option textarea label form fieldset legend output progress meter details summary dialog canvas img audio video svg path line polyline polygon rect circle g text").split(" "));
  const led = new Set(["href", "xlink:href", "src", "srcset", "action", "formaction", "poster", "background", "data", "ping", "cite", "manifest"]);
  const oddOf = (element) => {
    const odd = elements.has(element.localName) ? [] : ["<" + element.localName + ">"];
    for (const { name, value } of element.attributes) {
      if (/^on|^srcdoc$|^http-equiv$/i.test(name)) odd.push(element.localName + "[" + name + "]");
      if (!led.has(name)) continue;
      const url = URL.parse(value, document.baseURI);
      const isOurs = url?.origin === location.origin && /^\\/(ui(\\/|$)|spend\\/logs\\/export)/.test(url.pathname) && url.protocol !== "blob:";
      const isMedia = url?.protocol === "blob:" && url.origin === location.origin && ["img", "audio", "video"].includes(element.localName);
      if (!isOurs && !isMedia) odd.push(element.localName + " " + name + "=" + value.slice(0, 80));
    }
    return odd;
  };
  const texts = () => [document.title, body().textContent,
    ...[...document.querySelectorAll("[title], [aria-label]")].flatMap((one) => [one.title, one.ariaLabel]),
    ...[...document.querySelectorAll("input, textarea, select")].map((one) => one.value)].join("\\n");
  const now = () => ({
    odd: [...document.querySelectorAll("*")].flatMap(oddOf).concat(frames.length === 0 ? [] : ["a frame"], "polluted" in {} ? ["a prototype"] : [], body().checkVisibility() ? [] : ["no page"]),
    marks: [...new Set(texts().match(/h\\d{3}_[a-z]+_/g))],
    isTooWide: document.documentElement.scrollWidth > document.documentElement.clientWidth,
    path: location.pathname + location.search,
    failed: body().textContent.includes("This page could not be shown"),
  });
  window.look = async () => { await still(); return now(); };
  window.visit = (path) => { history.pushState(null, "", path); return window.look(); };
  /** Links of tables that a finger does not hit in their middle. */
  window.unreachable = () => [...document.querySelectorAll("main tbody a")].filter((link) => {
    link.scrollIntoView({ block: "center" });
    const { left, top, width, height } = link.getClientRects()[0] ?? link.getBoundingClientRect();
    const hit = document.elementFromPoint(left + Math.min(width, innerWidth - left) / 2, top + height / 2);
    return hit?.closest("a") !== link;
  }).map((link) => location.pathname + ": " + link.textContent.slice(0, 60));
  window.unfold = async () => { for (const one of document.querySelectorAll("details")) one.open = true; return window.look(); };
  /** Clicks each button that chooses what is shown, one after the other. */
  window.leaf = async (selector) => {
    const looks = [await window.look()];
    const count = document.querySelectorAll(selector).length;
    for (let at = 0; at < count; at += 1) {
      document.querySelectorAll(selector)[at]?.click();
      looks.push(await window.look());
    }
    return looks;
  };
})()`;

/** Below these the page finds its files and what it shows. */
const ownPaths =
  /^\/(?:ui\/(?:assets\/[\w.-]+|session|sessions|test)|livez|routes(?:\/activity)?|config\/(?:report|pass_through_endpoint(?:\/[^/]+)?)|spend\/.+|key\/(?:list|info)|team\/(?:list|info)|health\/.+|global\/.+|audit|metrics\/.+|favicon\.ico)$/;

/** Watches a tab: what runs in it, where it goes, and what it shows of the payloads. */
export class Watch {
  readonly #tab: Tab;
  readonly #wanted: string[] = [];
  /** What must not have happened. */
  readonly alarms: string[] = [];
  readonly tooWide: string[] = [];
  readonly marks = new Set<string>();

  constructor(tab: Tab) {
    this.#tab = tab;
  }

  /** Before the tab opens anything. */
  async start({ withoutPolicy = false } = {}): Promise<void> {
    const { view } = this.#tab;
    await this.#tab.open("/livez");
    await view.cdp("Page.enable");
    await view.cdp("Page.addScriptToEvaluateOnNewDocument", { source: inPage });
    await view.cdp("Page.setBypassCSP", { enabled: withoutPolicy });
    this.#on("Page.javascriptDialogOpening", () => this.alarms.push("a dialog of the browser"));
    this.#on("Page.downloadWillBegin", ({ url }) => this.alarms.push(`a download: ${url}`));
    this.#on("Page.frameAttached", () => this.alarms.push("a frame"));
    this.#on("Page.windowOpen", ({ url }) => this.alarms.push(`a window: ${url}`));
    this.#on("Page.frameNavigated", ({ frame }) => {
      if (!this.#wanted.includes(Object(frame).url)) {
        this.alarms.push(`navigated to ${Object(frame).url}`);
      }
    });
  }

  #on(name: string, heard: (data: Record<string, unknown>) => void): void {
    this.#tab.view.addEventListener(name, (event) => heard(Object(Reflect.get(event, "data"))));
  }

  /** Loads an address anew, as a link from elsewhere would. */
  async load(path: string): Promise<Look> {
    this.#wanted.push(new URL(this.#tab.base + path).href.replace(/#.*/, ""));
    await this.#tab.view.evaluate("window.isFormer = true");
    await this.#tab.open(path);
    await this.#tab.until("window.isFormer === undefined && typeof look === 'function'");
    return await this.#look("look()");
  }

  /** Goes there within the page. */
  async visit(path: string): Promise<Look> {
    return await this.#look(`visit(${JSON.stringify(path)})`);
  }

  /** Opens everything that can be opened. */
  async unfold(): Promise<Look> {
    return await this.#look("unfold()");
  }

  async again(): Promise<Look> {
    return await this.#look("look()");
  }

  /** Clicks what the selector finds, one after the other, and looks each time. */
  async leaf(selector: string): Promise<void> {
    const looks: unknown = await this.#tab.view.evaluate(`leaf(${JSON.stringify(selector)})`);
    if (!Array.isArray(looks)) throw new Error("no looks");
    for (const look of looks) this.#take(look);
  }

  async #look(expression: string): Promise<Look> {
    return this.#take(await this.#tab.view.evaluate<Look>(expression));
  }

  #take(look: Look): Look {
    for (const mark of look.marks) this.marks.add(mark);
    for (const odd of look.odd) this.alarms.push(`${odd} at ${look.path}`);
    if (look.failed) this.alarms.push(`not shown: ${look.path}`);
    if (look.isTooWide) this.tooWide.push(look.path);
    return look;
  }

  /** Links of the tables shown that cannot be pressed. */
  async unreachable(): Promise<readonly string[]> {
    return await this.#tab.view.evaluate<string[]>("unreachable()");
  }

  /** Requests that are not the page's own, of those that were made so far. */
  strangeRequests(): string[] {
    const own = new Set(this.#wanted);
    return this.#tab.requests
      .map(({ url }) => url)
      .filter((url) => !own.has(url) && !this.#isOurs(new URL(url)));
  }

  /** The browser's own controls, as of a player, are pictures in data URLs. */
  #isOurs({ protocol, origin, pathname }: URL): boolean {
    if (protocol === "data:") return true;
    if (origin !== this.#tab.base) return false;
    return protocol === "blob:" || ownPaths.test(pathname);
  }

  /** Whether the console says so, or it is asked for, soon. */
  async hears(text: string): Promise<boolean> {
    for (let left = 1_500; left > 0; left -= 1) {
      const all = text.startsWith("https:") ? this.strangeRequests() : this.complaints();
      if (all.some((one) => one.includes(text))) return true;
      await Bun.sleep(10);
    }
    return false;
  }

  /** What the console said, but for what the gateway refused or does not have. */
  complaints(): string[] {
    return this.#tab.complaints.filter((one) => !/ responded with a status of 40[0-9] /.test(one));
  }

  /** Fields of which no payload was seen. */
  unseenOf(fields: readonly string[]): string[] {
    const seen = new Set([...this.marks].map((mark) => mark.slice(5, -1)));
    return fields.filter((field) => !seen.has(field));
  }

  /** Payloads that were seen nowhere in these fields. */
  missing(fields: readonly string[]): string[] {
    const seen = new Set(
      [...this.marks]
        .filter((mark) => fields.includes(mark.slice(5, -1)))
        .map((mark) => mark.slice(1, 4)),
    );
    return payloads.filter((_, index) => !seen.has(String(index).padStart(3, "0")));
  }
}
