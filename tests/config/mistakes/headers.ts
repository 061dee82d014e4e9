import { route, routes } from "../load.ts";
import type { Mistake } from "../mistakes.ts";

const first = "general_settings.pass_through_endpoints[0]";

/** Headers, references and files. */
export const headersAndSecrets: Record<string, Mistake> = {
  "a variable that is not set": {
    yaml: route("      headers:\n        a: x os.environ/GONE # <-\n"),
    key: `${first}.headers.a`,
    says: "os.environ/GONE is not set",
  },
  "a target that hangs on a variable": {
    yaml: routes("    - path: /x\n      target: os.environ/GONE # <-\n"),
    key: `${first}.target`,
    says: "os.environ/GONE is not set",
  },
  "a variable for a number": {
    yaml: route("      timeout: os.environ/GONE # <-\n"),
    key: `${first}.timeout`,
    says: "is meant; not a text",
  },
  "a line break in a Langfuse key": {
    yaml: route(
      "      headers:\n        LANGFUSE_PUBLIC_KEY: pk\n        LANGFUSE_SECRET_KEY: os.environ/BROKEN # <-\n",
    ),
    key: `${first}.headers.LANGFUSE_SECRET_KEY`,
    says: "a blank, a line break or a NUL",
    place: { env: { BROKEN: "sk\n" } },
  },
  "a file that is no certificate": {
    yaml: route(`      tls:\n        ca: ${import.meta.path} # <-\n`),
    key: `${first}.tls.ca`,
    says: "this file is not PEM",
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
