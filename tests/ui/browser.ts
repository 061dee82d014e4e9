import { existsSync } from "node:fs";
import { test } from "bun:test";
import type { Gateway } from "../helpers/gateway.ts";

const chromium = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
  (file) => existsSync(file),
);

/** Left out where no browser is installed; where everything has to be tried it may not be missing. */
export const browserTest =
  chromium === undefined && process.env["CI"] === undefined ? test.skip : test;

/** The master key of gateways whose page is tried. */
export const pageKey = "sk-page-master-0123456789";

export interface TabOptions {
  readonly width?: number;
  readonly height?: number;
  readonly scheme?: "light" | "dark";
}

/** One request that the tab made. */
export interface TabRequest {
  readonly method: string;
  readonly url: string;
}

/** A tab of a real browser, with cookies of its own gateway. Waits are for what a reader would see. */
export class Tab implements AsyncDisposable {
  readonly view: Bun.WebView;
  readonly base: string;
  readonly requests: TabRequest[] = [];
  /** Errors and warnings of the page's console, the content security policy's among them. */
  readonly complaints: string[] = [];
  #isReady = false;
  readonly #scheme: string;

  constructor({ url }: Pick<Gateway, "url">, options: TabOptions = {}) {
    this.base = url;
    this.#scheme = options.scheme ?? "light";
    this.view = new Bun.WebView({
      width: options.width ?? 1280,
      height: options.height ?? 900,
      backend: { type: "chrome", path: chromium ?? "chromium", argv: ["--no-sandbox"] },
      console: (type, ...args) => {
        if (type === "error" || type === "warn" || type === "warning")
          this.complaints.push(args.map(String).join(" "));
      },
    });
  }

  /** By path; the first time also gets the tab ready. */
  async open(path: string): Promise<void> {
    if (!this.#isReady) await this.#prepare();
    await this.view.navigate(this.base + path);
  }

  async #prepare(): Promise<void> {
    this.#isReady = true;
    await this.view.navigate("about:blank");
    await this.view.cdp("Network.enable");
    this.view.addEventListener("Network.requestWillBeSent", (event) => {
      const data: unknown = Reflect.get(event, "data");
      const request: unknown = Object(data).request;
      this.requests.push({
        method: String(Object(request).method),
        url: String(Object(request).url),
      });
    });
    await this.view.cdp("Log.enable");
    this.view.addEventListener("Log.entryAdded", (event) => {
      const { entry } = Object(Reflect.get(event, "data"));
      if (entry.level === "error") this.complaints.push(`${entry.text} ${entry.url ?? ""}`);
    });
    const features = [{ name: "prefers-color-scheme", value: this.#scheme }];
    await this.view.cdp("Emulation.setEmulatedMedia", { features });
  }

  /** Opens a page, signed in; with a key that is refused it asks for one. */
  async signIn(path = "/ui/routes", key = pageKey): Promise<void> {
    if (!this.#isReady) await this.#prepare();
    const reply = await fetch(`${this.base}/ui/session`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-tollgate-page": "1" },
      body: JSON.stringify({ key }),
    });
    for (const cookie of reply.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      const rest = { url: this.base, httpOnly: true, sameSite: "Strict" };
      await this.view.cdp("Network.setCookie", { name, value, ...rest });
    }
    await this.open(path);
  }

  /** The value of an expression, once it is neither empty, false nor missing. Throws with what the page shows. */
  async until(expression: string, ms = 10_000): Promise<unknown> {
    for (const end = Date.now() + ms; ; await Bun.sleep(20)) {
      const value: unknown = await this.view.evaluate(expression).catch(() => null);
      if (value !== null && value !== undefined && value !== false && value !== "") return value;
      if (Date.now() > end) {
        throw new Error(`${expression} did not come true. The page says: ${await this.text()}`);
      }
    }
  }

  /** Until this text can be read somewhere. */
  async shows(text: string, ms?: number): Promise<void> {
    await this.until(`document.body.innerText.includes(${JSON.stringify(text)})`, ms);
  }

  async text(): Promise<string> {
    return String(await this.view.evaluate("document.body.innerText"));
  }

  /** Clicks a button or link by what it says, as a reader would. */
  async press(name: string, scope = "document"): Promise<void> {
    await this.#mark(
      `[...${scope}.querySelectorAll("button, a, summary, [role=tab], label")].filter((one) =>
        one.checkVisibility() && (one.getAttribute("aria-label") ?? one.innerText).trim() === ${JSON.stringify(name)})`,
      name,
    );
    await this.view.click("[data-under-test]");
  }

  /** Puts a text into the field with this label. */
  async fill(label: string, text: string, scope = "document"): Promise<void> {
    await this.#mark(
      `[...${scope}.querySelectorAll("label")].filter((one) => one.innerText.replace(/\\s*\\*$/, "").trim() === ${JSON.stringify(label)} && one.control).map((one) => one.control)
        .concat([...${scope}.querySelectorAll("[aria-label]")].filter((one) => one.getAttribute("aria-label") === ${JSON.stringify(label)}))`,
      label,
    );
    await this.view.scrollTo("[data-under-test]");
    await this.view.click("[data-under-test]");
    await this.view.evaluate(`document.querySelector("[data-under-test]").select?.()`);
    await this.view.type(text);
  }

  /** One element at a time carries the mark; the first of those found that there is. */
  async #mark(found: string, what: string): Promise<void> {
    await this.until(
      `(() => {
        for (const old of document.querySelectorAll("[data-under-test]")) old.removeAttribute("data-under-test");
        const [first] = ${found};
        first?.scrollIntoView({ block: "center" });
        first?.setAttribute("data-under-test", "");
        return first !== undefined;
      })()`,
    ).catch((error: unknown) => {
      throw new Error(`There is no ${what}.`, { cause: error });
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.view.close();
  }
}
