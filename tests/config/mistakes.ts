import { type Place, route, routes } from "./load.ts";

/** A config with one mistake. Where it stands is marked in the text: `# <-`; else it is the line of `line`. */
export interface Mistake {
  readonly yaml: string;
  /** As the message names it; empty where the text cannot be read. */
  readonly key: string;
  /** A part of what is said. */
  readonly says: string;
  readonly line?: number;
  readonly place?: Place;
}

const first = "general_settings.pass_through_endpoints[0]";
const second = "general_settings.pass_through_endpoints[1]";
const open = { addresses: ["0.0.0.0"] };
const strong = "sk-0123456789abcdef-long-enough";

const unreadable: Record<string, Mistake> = {
  "a tab in the indentation": {
    yaml: "general_settings:\n\tmaster_key: abc # <-\n",
    key: "",
    says: "a tab stands in the indentation",
  },
  "a quote that is not closed": {
    yaml: 'general_settings:\n  master_key: "abc\n',
    key: "",
    says: "not valid YAML",
    line: 3,
  },
  "a bracket that is not closed": {
    yaml: "general_settings:\n  allowed_ips: [10.0.0.1\n",
    key: "",
    says: "not valid YAML",
    line: 3,
  },
  "an item out of line": {
    yaml: "general_settings:\n  pass_through_endpoints:\n    - path: /x\n   target: https://a.example # <-\n",
    key: "",
    says: "not valid YAML",
  },
  "a duplicate key": {
    yaml: route("      auth: true\n      auth: false # <-\n"),
    key: "",
    says: "stands here twice",
  },
  "a duplicate block": {
    yaml: `general_settings:\n  master_key: ${strong}\ngeneral_settings: {} # <-\n`,
    key: "",
    says: "stands here twice",
  },
  "an alias that leads nowhere": {
    yaml: "general_settings:\n  master_key: *key # <-\n",
    key: "",
    says: "nothing above has this name",
  },
  "an alias bomb": { yaml: bomb(), key: "", says: "unfold to too much", line: 1 },
  "a value that holds itself": { yaml: "a: &a [*a] # <-", key: "", says: "nested too deep" },
  "a text nested without end": { yaml: "[".repeat(100_000), key: "", says: "too deep", line: 1 },
  "two documents": { yaml: "a: 1\n--- # <-\nb: 2\n", key: "", says: "a second document" },
  "a tag of another program": {
    yaml: "general_settings:\n  master_key: !ENV KEY # <-\n",
    key: "",
    says: "this tag (!name) is not read",
  },
  "a list at the top": { yaml: "- path: /x # <-\n", key: "", says: "a map of settings" },
  "a text at the top": { yaml: "hello # <-", key: "", says: "a map of settings" },
};

const wrongKind: Record<string, Mistake> = {
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
    says: "of another form",
  },
  "a path with a query": {
    yaml: routes("    - path: /x?y=1 # <-\n      target: https://a.example\n"),
    key: `${first}.path`,
    says: "of another form",
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
    says: "a map of plain values is meant",
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

const headersAndSecrets: Record<string, Mistake> = {
  "a variable that is not set": {
    yaml: route("      headers:\n        a: x os.environ/GONE # <-\n"),
    key: `${first}.headers.a`,
    says: "os.environ/GONE is not set",
  },
  "a variable that is empty": {
    yaml: route("      headers:\n        a: os.environ/{BLANK}! # <-\n"),
    key: `${first}.headers.a`,
    says: "os.environ/{BLANK} is not set",
    place: { env: { BLANK: "" } },
  },
  "a variable named like a built-in": {
    yaml: route("      headers:\n        a: os.environ/constructor # <-\n"),
    key: `${first}.headers.a`,
    says: "os.environ/constructor is not set",
  },
  "a reference without a name": {
    yaml: route("      headers:\n        a: os.environ/ # <-\n"),
    key: `${first}.headers.a`,
    says: "stands here without a name",
  },
  "a credential that is not there": {
    yaml: "general_settings:\n  master_key: cred/master_key # <-\n",
    key: "general_settings.master_key",
    says: "cred/master_key cannot be read",
  },
  "a line break in a variable": {
    yaml: route("      headers:\n        a: os.environ/BROKEN # <-\n"),
    key: `${first}.headers.a`,
    says: "a line break or a NUL",
    place: { env: { BROKEN: "one\r\nx-injected: two" } },
  },
  "a header beyond Latin-1": {
    yaml: route('      headers:\n        a: "\\u20ac" # <-\n'),
    key: `${first}.headers.a`,
    says: "bytes that no header can carry",
  },
  "a header name with a blank": {
    yaml: route("      headers:\n        my header: x # <-\n"),
    key: `${first}.headers.my header`,
    says: "this is not a header name",
  },
  "one header in two spellings": {
    yaml: route("      headers:\n        Accept: a\n        accept: b # <-\n"),
    key: `${first}.headers.accept`,
    says: "accept stands here twice",
  },
  "half of Langfuse's keys": {
    yaml: route("      headers:\n        LANGFUSE_PUBLIC_KEY: pk # <-\n"),
    key: `${first}.headers.LANGFUSE_PUBLIC_KEY`,
    says: "LANGFUSE_SECRET_KEY is missing beside it",
  },
  "Langfuse's keys and an Authorization": {
    yaml: route(
      "      headers:\n        LANGFUSE_PUBLIC_KEY: pk\n        LANGFUSE_SECRET_KEY: sk\n        authorization: x # <-\n",
    ),
    key: `${first}.headers.authorization`,
    says: "authorization stands here twice",
  },
  "a caller's key in a value": {
    yaml: route('      headers:\n        litellm_user_api_key: "Bearer sk-1" # <-\n'),
    key: `${first}.headers.litellm_user_api_key`,
    says: "a header's name is meant",
  },
  "a certificate that is not there": {
    yaml: route("      tls:\n        ca: gone.pem # <-\n"),
    key: `${first}.tls.ca`,
    says: "this file cannot be read",
  },
};

const target = (text: string) => routes(`    - path: /x\n      target: ${text} # <-\n`);

const targets: Record<string, Mistake> = {
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
    says: "own listener",
  },
  "the gateway itself, from everywhere": {
    yaml: target("http://[::1]:4000/x"),
    key: `${first}.target`,
    says: "own listener",
    place: open,
  },
  "a proxy that is no URL": {
    yaml: route("      proxy: http:// # <-\n"),
    key: `${first}.proxy`,
    says: "this is not a URL",
  },
};

const access: Record<string, Mistake> = {
  "a path twice": {
    yaml: routes(
      "    - path: /x\n      target: https://a.example\n    - path: /x # <-\n      target: https://b.example\n",
    ),
    key: `${second}.path`,
    says: `/x is served by ${first} (line 3) too`,
  },
  "a method twice": {
    yaml: routes(
      "    - {path: /x, target: https://a.example, methods: [GET, PUT]}\n    - {path: /x, target: https://b.example, methods: [put]} # <-\n",
    ),
    key: `${second}.path`,
    says: `is served by ${first} (line 3) too`,
  },
  "an id twice": {
    yaml: routes(
      "    - {id: a, path: /x, target: https://a.example}\n    - {path: /y, target: https://b.example, id: a} # <-\n",
    ),
    key: `${second}.id`,
    says: `is that of ${first} too`,
  },
  "a path of the admin API": {
    yaml: routes("    - path: /routes # <-\n      target: https://a.example\n"),
    key: `${first}.path`,
    says: "/routes belongs to the admin API",
  },
  "a name among addresses": {
    yaml: "general_settings:\n  allowed_ips:\n    - 10.0.0.1\n    - office.example # <-\n",
    key: "general_settings.allowed_ips[1]",
    says: "not an address or CIDR",
  },
  "a network too wide": {
    yaml: "general_settings:\n  trusted_proxies:\n    - 10.0.0.0/33 # <-\n",
    key: "general_settings.trusted_proxies[0]",
    says: "not an address or CIDR",
  },
  "a tutorial's key for everybody": {
    yaml: "general_settings:\n  master_key: sk-1234 # <-\n",
    key: "general_settings.master_key",
    says: "can be guessed, and the listener is not on a loopback address",
    place: open,
  },
  "credentials for everybody": {
    yaml: routes(
      "    - path: /x # <-\n      target: https://a.example\n      headers: {x-api-key: abc}\n",
    ),
    key: `${first}.auth`,
    says: "there is no master key to guard it",
    place: open,
  },
  "a key with a blank": {
    yaml: 'general_settings:\n  master_key: "a key of mine" # <-\n',
    key: "general_settings.master_key",
    says: "of another form",
  },
};

const misspelt: Record<string, Mistake> = {
  "auth, misspelt": {
    yaml: route("      auht: true # <-\n"),
    key: `${first}.auht`,
    says: "Did you mean auth?",
  },
  "master_key, misspelt": {
    yaml: `general_settings:\n  masterkey: ${strong} # <-\n`,
    key: "general_settings.masterkey",
    says: "Did you mean master_key?",
  },
  "allowed_ips, misspelt": {
    yaml: "general_settings:\n  allowed_ip: [10.0.0.1] # <-\n",
    key: "general_settings.allowed_ip",
    says: "Did you mean allowed_ips?",
  },
  "guardrails, misspelt": {
    yaml: route("      guardrail: [pii] # <-\n"),
    key: `${first}.guardrail`,
    says: "Did you mean guardrails?",
  },
  "master_key in another place": {
    yaml: `master_key: ${strong} # <-\n`,
    key: "master_key",
    says: "It belongs into general_settings.",
  },
  "auth in another place": {
    yaml: "general_settings:\n  auth: true # <-\n",
    key: "general_settings.auth",
    says: "It belongs into an endpoint",
  },
  "guardrails on a route": {
    yaml: route("      guardrails: [pii] # <-\n"),
    key: `${first}.guardrails`,
    says: "not in this version",
  },
  "a limit on a route": {
    yaml: route("      rpm_limit: 10 # <-\n"),
    key: `${first}.rpm_limit`,
    says: "not in this version: Requests per minute",
  },
  "guardrails among callbacks": {
    yaml: "litellm_settings:\n  callbacks: [langfuse, presidio] # <-\n",
    key: "litellm_settings.callbacks",
    says: "the callback presidio, which screens calls",
  },
  "a function that decides who may call": {
    yaml: "general_settings:\n  custom_auth: auth.check # <-\n",
    key: "general_settings.custom_auth",
    says: "not in this version",
  },
  "any peer's word for its address": {
    yaml: "general_settings:\n  allowed_ips: [10.0.0.1]\n  use_x_forwarded_for: true # <-\n",
    key: "general_settings.use_x_forwarded_for",
    says: "Name the proxies in general_settings.trusted_proxies",
  },
  "further files": {
    yaml: "include: [more.yaml] # <-\n",
    key: "include",
    says: "not in this version",
  },
};

/** By what is wrong. */
export const mistakes: Readonly<Record<string, Mistake>> = {
  ...unreadable,
  ...wrongKind,
  ...headersAndSecrets,
  ...targets,
  ...access,
  ...misspelt,
};

/** The line that the mistake is to be found on. */
export function lineOf({ yaml, line }: Mistake): number {
  return line ?? yaml.split("\n").findIndex((text) => text.includes("# <-")) + 1;
}

/** Nine to the eighth power. */
function bomb(): string {
  const names = [..."abcdefgh"];
  const lines = names.map((name, index) => {
    const inner = index === 0 ? "lol" : `*${names[index - 1]}`;
    return `${name}: &${name} [${Array.from({ length: 9 }, () => inner).join(", ")}]`;
  });
  return lines.join("\n");
}
