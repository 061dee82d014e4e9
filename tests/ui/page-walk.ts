import type { Tab } from "./browser.ts";
import type { FullGateway } from "./full-gateway.ts";

/** One state of the page, and how a reader gets there. */
export interface Stop {
  readonly name: string;
  readonly go: (tab: Tab, full: FullGateway) => Promise<void>;
}

const dialog = `document.querySelector("dialog[open]")`;

/** A page by its address, once this text is there. */
function at(name: string, path: string | ((full: FullGateway) => string), text: string): Stop {
  return {
    name,
    go: async (tab, full) => {
      await tab.open(`/ui${typeof path === "string" ? path : path(full)}`);
      await tab.shows(text);
      await tab.until(`document.querySelector(".skeleton, .spinner-line") === null`);
    },
  };
}

/** What is pressed on the page that is open, until this text is there. */
function press(name: string, buttons: readonly string[], text: string): Stop {
  return {
    name,
    go: async (tab) => {
      for (const button of buttons) await tab.press(button);
      await tab.shows(text);
    },
  };
}

const openEveryCard = `(() => {
  for (const card of document.querySelectorAll("details:not([open]) > summary")) card.click();
  return true;
})()`;

/** Every page of the gateway that `startFullGateway` makes, each in the states that look different. */
export const stops: readonly Stop[] = [
  at("routes", "/routes", "/anthropic"),
  at("route-new", "/routes/new", "Path"),
  {
    name: "route-new-open",
    go: async (tab) => {
      await tab.view.evaluate(openEveryCard);
    },
  },
  press("route-new-faults", ["Create the route"], "needs"),
  at("route-edit", ({ routeId }) => `/routes/${routeId}`, "ends in 9876"),
  at("route-of-file", "/routes/anthropic", "config.yaml"),
  at("test", "/test?route=chat", "Send"),
  press("test-reply", ["Send"], "Done in"),
  at("test-stream", ({ calls }) => `/test?from=${calls.stream}`, "Filled in"),
  press("test-streamed", ["Send"], "Done in"),
  at("logs", "/logs", "gpt-4o-mini"),
  press("logs-filters", ["More filters"], "Apply"),
  press("logs-live", ["Live"], "Live: new calls appear"),
  ...["request", "reply", "headers", "timing", "cost", "raw"].map((tab) =>
    at(`log-${tab}`, ({ calls }) => `/logs/${calls.plain}?tab=${tab}`, "Replay"),
  ),
  at("log-stream", ({ calls }) => `/logs/${calls.stream}?tab=reply`, "Put together"),
  at("log-failed", ({ calls }) => `/logs/${calls.failed}`, "500"),
  at("keys", "/keys", "design-app"),
  press("key-create", ["Create a key"], "Alias"),
  {
    name: "key-shown-once",
    go: async (tab) => {
      await tab.fill("Alias", `walk-${Date.now()}`, dialog);
      await tab.press("Create the key", dialog);
      await tab.shows("I have copied it");
    },
  },
  at("key", ({ keyId }) => `/keys/${keyId}`, "design-app"),
  at("teams", "/teams", "Design"),
  at("team", ({ teamId }) => `/teams/${teamId}`, "design-app"),
  at("spend", "/spend", "a-model-nobody-knows"),
  at("health", "/health", "UPSTREAM_KEY"),
  at("config", "/config", "alerting"),
  press("config-reload", ["Reload…"], "Nothing would change"),
  at("audit", "/audit", "/bria"),
  at("not-found", "/no/such/page", "There is no such page"),
];

/** Pages of a gateway that has nothing yet. */
export const emptyStops: readonly Stop[] = [
  at("routes-empty", "/routes", "Create the first route"),
  at("test-empty", "/test", "Test a route"),
  at("logs-empty", "/logs", "Logs"),
  at("keys-empty", "/keys", "There is no valid key."),
  at("teams-empty", "/teams", "There is no team yet."),
  at("spend-empty", "/spend", "Spend"),
  at("health-empty", "/health", "Health"),
  at("audit-empty", "/audit", "Audit"),
];
