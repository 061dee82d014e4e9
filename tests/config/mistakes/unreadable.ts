import { route } from "../load.ts";
import type { Mistake } from "../mistakes.ts";

const strong = "sk-0123456789abcdef-long-enough";

/** Texts that are no YAML, or none that a config can be. */
export const unreadable: Record<string, Mistake> = {
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

/** Nine to the eighth power. */
function bomb(): string {
  const names = [..."abcdefgh"];
  const lines = names.map((name, index) => {
    const inner = index === 0 ? "lol" : `*${names[index - 1]}`;
    return `${name}: &${name} [${Array.from({ length: 9 }, () => inner).join(", ")}]`;
  });
  return lines.join("\n");
}
