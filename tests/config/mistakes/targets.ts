import { route, routes } from "../load.ts";
import type { Mistake } from "../mistakes.ts";

const first = "general_settings.pass_through_endpoints[0]";
const open = { addresses: ["0.0.0.0"] };

const target = (text: string) => routes(`    - path: /x\n      target: ${text} # <-\n`);

/** Targets and the way to them. */
export const targets: Record<string, Mistake> = {
  "a target without its scheme": {
    yaml: target("api.cohere.com/v1"),
    key: `${first}.target`,
    says: "this is not a URL",
  },
  "a target without a host": {
    yaml: target("https:///v1/rerank"),
    key: `${first}.target`,
    says: "this is not a URL",
  },
  "a target with a foreign scheme": {
    yaml: target("file:///etc/passwd"),
    key: `${first}.target`,
    says: "is not",
  },
  "a target with a password": {
    yaml: target("https://me:secret@a.example/"),
    key: `${first}.target`,
    says: "a URL with credentials in it",
  },
  "a target with a fragment": {
    yaml: target('"https://a.example/#top"'),
    key: `${first}.target`,
    says: "a fragment",
  },
  "a target with a blank": {
    yaml: target('"https://a.example/a b"'),
    key: `${first}.target`,
    says: "no blanks",
  },
  "a socket as target": {
    yaml: target("wss://a.example/live"),
    key: `${first}.target`,
    says: "not in this version: WebSocket targets",
  },
  "an adapter as target": {
    yaml: target("custom_callbacks.anthropic_adapter"),
    key: `${first}.target`,
    says: "not in this version: the adapter custom_callbacks.anthropic_adapter",
  },
  "a target inside that is not there": {
    yaml: target("tollgate://smaple"),
    key: `${first}.target`,
    says: "Write tollgate://sample",
  },
  "the gateway itself": {
    yaml: target("http://localhost:4000/x"),
    key: `${first}.target`,
    says: "own address",
  },
  "the gateway itself, from everywhere": {
    yaml: target("http://[::1]:4000/x"),
    key: `${first}.target`,
    says: "own address",
    place: open,
  },
  "a proxy that is no URL": {
    yaml: route("      proxy: http:// # <-\n"),
    key: `${first}.proxy`,
    says: "this is not a URL",
  },
};
