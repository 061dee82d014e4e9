import { routes } from "../load.ts";
import type { Mistake } from "../mistakes.ts";

const first = "general_settings.pass_through_endpoints[0]";
const second = "general_settings.pass_through_endpoints[1]";
const open = { addresses: ["0.0.0.0"] };

/** Routes that rival each other, and who may call. */
export const access: Record<string, Mistake> = {
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
