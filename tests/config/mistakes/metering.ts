import { route } from "../load.ts";
import type { Mistake } from "../mistakes.ts";

const first = "general_settings.pass_through_endpoints[0]";

/** What replies are read for, what it costs, and what is logged of it. */
export const metering: Record<string, Mistake> = {
  "a wire format that nobody knows": endpoint("provider: acme", "provider", "write usage"),
  "a wire format, misspelt": endpoint("provider: opnai", "provider", "Did you mean openai? Known"),
  "a wire format as a list": endpoint("provider: [openai]", "provider", "not a list"),
  "usage of replies that are not looked at": {
    ...endpoint("provider: none", "provider", "usage tells where to look"),
    yaml: route("      provider: none # <-\n      usage: {units: {pages: /pages}}\n"),
  },
  "usage without units": endpoint("usage: {model: /m}", "usage.units", "this key is missing"),
  "usage with no unit": endpoint("usage: {units: {}}", "usage.units", "no unit is told"),
  "usage as a text": endpoint("usage: /usage", "usage", "a map is meant; not a text"),
  "units as a list": endpoint("usage: {units: [pages]}", "usage.units", "not a list"),
  "a unit, misspelt": unit("second: /s", "second", "Did you mean seconds?"),
  "a unit that nobody knows": unit("bananas: /b", "bananas", "Units are input, output, cached"),
  "a unit's place without its slash": unit("pages: usage/pages", "pages", "no JSON Pointer"),
  "a unit's place with a bad escape": unit("pages: /a~2b", "pages", "no JSON Pointer"),
  "a constant in quotes": unit("pages: '1'", "pages", "as a number, without quotes"),
  "a constant below nothing": unit("pages: -1", "pages", "a number of at least 0"),
  "a constant beyond measure": unit("pages: .inf", "pages", "at most 1e9"),
  "a unit as a list": unit("pages: [/a]", "pages", "a JSON Pointer, a number or a map is meant"),
  "a unit from nowhere": unit("pages: {count: true}", "pages", "this says nowhere to look"),
  "a unit from two places": unit(
    "pages: {reply: /a, request: /b}",
    "pages",
    "reply and request are two places",
  ),
  "a unit that is read in two ways": unit(
    "pages: {reply: /a, count: true, length: true}",
    "pages.length",
    "two ways to read one thing",
  ),
  "a request read as a stream": unit(
    "pages: {request: /a, over: sum}",
    "pages.over",
    "one message, not a stream",
  ),
  "a stream read in a way of its own": unit("pages: {reply: /a, over: max}", "pages.over", "sum"),
  "a place that is a number": unit("pages: {reply: 1}", "pages.reply", "A JSON Pointer"),
  "a place in a map without its slash": unit("pages: {reply: a/b}", "pages.reply", "another form"),
  "a count that is a word": unit("pages: {reply: /a, count: all}", "pages.count", "true or false"),
  "a model that is no place": model("gpt-4o", "Write {value: NAME}"),
  "a model that is a number": model("4", "a JSON Pointer or a map is meant"),
  "a model from nowhere": model("{}", "Write one of reply or request or value"),
  "a model from two places": model("{value: a, request: /b}", "request and value are two places"),
  "a price below nothing": endpoint("prices: {pages: -1}", "prices.pages", "at least 0"),
  "a price in quotes": endpoint('prices: {pages: "1"}', "prices.pages", "not a text"),
  "a price of a unit, misspelt": endpoint("prices: {page: 1}", "prices.page", "mean pages?"),
  "prices as a number": endpoint("prices: 1", "prices", "not a number"),
  "a log of another kind": endpoint("log: full", "log", "off, metadata, bodies or a map is meant"),
  "a log that is only on": endpoint("log: true", "log", "off, metadata, bodies or a map is meant"),
  "logged bodies of no size": log("max_bytes: 0", "max_bytes", "a whole number of at least 1"),
  "logged bodies beyond measure": log("max_bytes: 1e9", "max_bytes", "at most 16777216"),
  "a sample of more than all": log("sample: 10", "sample", "at most 1"),
  "a sample of none": log("sample: 0", "sample", "a number above 0"),
  "bodies by a word": log("bodies: all", "bodies", "true or false is meant"),
  "trust by a word": endpoint("trust_upstream_cost: fully", "trust_upstream_cost", "true or false"),
  "message logging off, misspelt": {
    yaml: "litellm_settings:\n  turn_off_messages_logging: true # <-\n",
    key: "litellm_settings.turn_off_messages_logging",
    says: "Did you mean turn_off_message_logging?",
  },
  "models as a map": {
    yaml: "model_list: {model_name: a} # <-\n",
    key: "model_list",
    says: "a list is meant; not a map",
  },
  "bodies kept for a number": general("log_retention_period", "30", "not a number"),
  "bodies kept for no time": general("log_retention_period", "0d", "no length of time"),
  "bodies kept in nothing": general("log_max_size_mb", "0", "a number of at least 1"),
  "no bytes of bodies": general("log_max_body_bytes", "0", "a whole number of at least 1"),
  "metrics without a port": general("metrics_listen", "localhost", "this is no ADDRESS:PORT"),
  "metrics at a port alone": general("metrics_listen", "9090", "a text"),
  "metrics at no port": general("metrics_listen", "127.0.0.1:99999", "this is no ADDRESS:PORT"),
  "metrics at half an address": general("metrics_listen", "127.0:9090", "this is no ADDRESS:PORT"),
  "metrics without brackets": general("metrics_listen", "::1:9090", "an IPv6 address in brackets"),
};

function endpoint(line: string, key: string, says: string): Mistake {
  return { yaml: route(`      ${line} # <-\n`), key: `${first}.${key}`, says };
}

function unit(line: string, key: string, says: string): Mistake {
  const yaml = route(`      usage:\n        units:\n          ${line} # <-\n`);
  return { yaml, key: `${first}.usage.units.${key}`, says };
}

function model(written: string, says: string): Mistake {
  const yaml = route(`      usage:\n        units: {pages: 1}\n        model: ${written} # <-\n`);
  return { yaml, key: `${first}.usage.model`, says };
}

function log(line: string, key: string, says: string): Mistake {
  return { yaml: route(`      log: {${line}} # <-\n`), key: `${first}.log.${key}`, says };
}

function general(key: string, value: string, says: string): Mistake {
  const yaml = `general_settings:\n  ${key}: ${value} # <-\n`;
  return { yaml, key: `general_settings.${key}`, says, column: 3 };
}
