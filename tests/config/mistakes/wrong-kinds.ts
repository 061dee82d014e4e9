import { route, routes } from "../load.ts";
import type { Mistake } from "../mistakes.ts";

const first = "general_settings.pass_through_endpoints[0]";

/** Values of another kind or form than their key means. */
export const wrongKind: Record<string, Mistake> = {
  "settings that are a list": {
    yaml: "general_settings: [] # <-\n",
    key: "general_settings",
    says: "a map is meant; not a list",
  },
  "endpoints that are a map": {
    yaml: "general_settings:\n  pass_through_endpoints: {path: /x} # <-\n",
    key: "general_settings.pass_through_endpoints",
    says: "a list is meant; not a map",
  },
  "an endpoint that is a text": {
    yaml: routes("    - /x # <-\n"),
    key: first,
    says: "a map is meant",
  },
  "no path": {
    yaml: routes("    - target: https://a.example # <-\n"),
    key: `${first}.path`,
    says: "this key is missing",
  },
  "no target": {
    yaml: routes("    - path: /x # <-\n"),
    key: `${first}.target`,
    says: "this key is missing",
  },
  "a target without a value": {
    yaml: routes("    - path: /x\n      target: # <-\n"),
    key: `${first}.target`,
    says: "this key is missing",
  },
  "a path without its slash": {
    yaml: routes("    - path: x # <-\n      target: https://a.example\n"),
    key: `${first}.path`,
    says: "begins with /",
  },
  "a path with a query": {
    yaml: routes("    - path: /x?y=1 # <-\n      target: https://a.example\n"),
    key: `${first}.path`,
    says: "begins with /",
  },
  "a path with an empty part": {
    yaml: routes("    - path: /x//y # <-\n      target: https://a.example\n"),
    key: `${first}.path`,
    says: "no request can have this path",
  },
  "a path that climbs": {
    yaml: routes("    - path: /x/../y # <-\n      target: https://a.example\n"),
    key: `${first}.path`,
    says: "no request can have this path",
  },
  "a boolean in quotes": {
    yaml: route('      auth: "true" # <-\n'),
    key: `${first}.auth`,
    says: "true or false is meant, without quotes",
  },
  "a number for a boolean": {
    yaml: route("      include_subpath: 1 # <-\n"),
    key: `${first}.include_subpath`,
    says: "true or false is meant",
  },
  "a timeout of zero": {
    yaml: route("      timeout: 0 # <-\n"),
    key: `${first}.timeout`,
    says: "a number above 0",
  },
  "a timeout with a unit": {
    yaml: route("      timeout: 30s # <-\n"),
    key: `${first}.timeout`,
    says: "a number above 0 and at most 31536000 is meant; not a text",
  },
  "a method for the methods": {
    yaml: route("      methods: GET # <-\n"),
    key: `${first}.methods`,
    says: "a list is meant",
  },
  "a method that is none": {
    yaml: route("      methods:\n        - GET\n        - GET POST # <-\n"),
    key: `${first}.methods[1]`,
    says: "of another form",
  },
  "headers as a list": {
    yaml: route("      headers: [a] # <-\n"),
    key: `${first}.headers`,
    says: "a map is meant",
  },
  "a header that is a map": {
    yaml: route("      headers:\n        accept: {json: true} # <-\n"),
    key: `${first}.headers.accept`,
    says: "a plain value is meant; not a map",
  },
  "a numeric master key": {
    yaml: "general_settings:\n  master_key: 1234567890123456 # <-\n",
    key: "general_settings.master_key",
    says: "Put it in quotes",
  },
  "an unknown auth parser": {
    yaml: route("      custom_auth_parser: helicone # <-\n"),
    key: `${first}.custom_auth_parser`,
    says: '"langfuse" is meant, nothing else',
  },
  "half a byte": {
    yaml: route("      max_body_size: 0.5 # <-\n"),
    key: `${first}.max_body_size`,
    says: "a whole number",
  },
  "nobody allowed": {
    yaml: "general_settings:\n  allowed_ips: [] # <-\n",
    key: "general_settings.allowed_ips",
    says: "that is not empty",
  },
  "an admin host with a port": {
    yaml: "general_settings:\n  admin_hosts:\n    - gw.example:4000 # <-\n",
    key: "general_settings.admin_hosts[0]",
    says: "of another form",
  },
};
