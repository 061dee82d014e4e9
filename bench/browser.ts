import { existsSync } from "node:fs";
import { signIn } from "./gateways.ts";
import { scratchPath } from "./processes.ts";

const installed = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** The browser that pages are tried in; null where none is installed. */
export const chromium: string | null = installed.find((file) => existsSync(file)) ?? null;

/** What a page did by itself, in milliseconds since its navigation began. */
export interface Visit {
  /** The entry of the page's code was there. */
  readonly codeAt: number;
  /** What was waited for stood in the document, and was painted. */
  readonly shownAt: number;
  readonly paintedAt: number;
  /** What the script's thread did in one go for 50 ms or more. */
  readonly longTasks: readonly number[];
  readonly resources: readonly Resource[];
}

/** Something that the page fetched. */
export interface Resource {
  readonly path: string;
  /** With its headers; 0: it was not asked for, the browser had it. */
  readonly wireBytes: number;
  /** Of the body, as it came. */
  readonly bodyBytes: number;
  readonly startedAt: number;
  readonly ms: number;
}

/** A browser with one tab and a cache of its own; disposing ends it. One at a time. Waits for what it is told to, for ten seconds at most. */
export class Tab implements AsyncDisposable {
  readonly #view: Bun.WebView;
  readonly #base: string;
  #script: string | null = null;

  constructor(file: string, port: number) {
    this.#base = `http://127.0.0.1:${port}`;
    this.#view = new Bun.WebView({
      width: 1_280,
      height: 900,
      dataStore: { directory: scratchPath("browser") },
      backend: { type: "chrome", path: file, argv: ["--no-sandbox"] },
    });
  }

  async start(): Promise<void> {
    await this.#view.navigate("about:blank");
    await this.#view.cdp("Page.enable");
    await this.#view.cdp("Network.enable");
  }

  async signIn(port: number): Promise<void> {
    const [name, ...value] = (await signIn(port)).split("=");
    const cookie = { name, value: value.join("="), url: this.#base, httpOnly: true };
    await this.#view.cdp("Network.setCookie", { ...cookie, sameSite: "Strict" });
  }

  /** Another page's visits begin with nothing of this gateway in the cache. */
  async forget(): Promise<void> {
    await this.#view.cdp("Network.clearBrowserCache");
  }

  /** Opens a page, until an element that `selector` names is there. */
  async visit(path: string, selector: string): Promise<Visit> {
    await this.#watchFor(selector);
    await this.#view.navigate(this.#base + path);
    for (const until = performance.now() + 10_000; ; await Bun.sleep(20)) {
      const visit = await this.#seen();
      if (visit !== null) return visit;
      if (performance.now() > until) throw new Error(`${path} shows no ${selector}`);
    }
  }

  /** Before any script of the page's own, in each document from now on. */
  async #watchFor(selector: string): Promise<void> {
    const identifier = this.#script;
    if (identifier !== null)
      await this.#view.cdp("Page.removeScriptToEvaluateOnNewDocument", { identifier });
    const source = watching.replace("SELECTOR", JSON.stringify(selector));
    const added: unknown = await this.#view.cdp("Page.addScriptToEvaluateOnNewDocument", {
      source,
    });
    this.#script = String(Object(added).identifier);
  }

  async #seen(): Promise<Visit | null> {
    const text: unknown = await this.#view.evaluate(telling);
    return typeof text === "string" ? JSON.parse(text) : null;
  }

  /** Asked to, it leaves no files of its own behind. */
  async [Symbol.asyncDispose](): Promise<void> {
    const ending = this.#view.cdp("Browser.close").catch(() => {});
    await Promise.race([ending, Bun.sleep(farewellMs)]);
    await Bun.sleep(goneMs);
    Bun.WebView.closeAll();
  }
}

/** Between the answer and the end of the processes. */
const goneMs = 300;
const farewellMs = 2_000;

const watching = `(() => {
  const seen = { shownAt: null, paintedAt: null, longTasks: [] };
  Object.defineProperty(window, "seenByBench", { value: seen });
  const look = () => {
    if (seen.shownAt !== null || document.querySelector(SELECTOR) === null) return;
    seen.shownAt = performance.now();
    requestAnimationFrame(() => setTimeout(() => { seen.paintedAt = performance.now(); }));
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) seen.longTasks.push(duration);
  }).observe({ type: "longtask", buffered: true });
})()`;

const telling = `(() => {
  const seen = window.seenByBench;
  if (seen === undefined || seen.paintedAt === null) return null;
  const resources = performance.getEntriesByType("resource").map((one) => ({
    path: new URL(one.name).pathname + new URL(one.name).search,
    wireBytes: one.transferSize,
    bodyBytes: one.encodedBodySize,
    startedAt: one.startTime,
    ms: one.duration,
  }));
  const entry = document.querySelector("script[type=module]")?.getAttribute("src");
  const code = resources.find(({ path }) => path === entry);
  return JSON.stringify({ ...seen, resources, codeAt: code === undefined ? null : code.startedAt + code.ms });
})()`;
