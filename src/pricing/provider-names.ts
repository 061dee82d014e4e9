/** Names of formats, and LiteLLM's of providers, by what the catalogue calls them. */
const catalogueNames: Readonly<Record<string, readonly string[]>> = {
  aws: ["amazon", "bedrock", "bedrock_converse", "bedrock_mantle", "sagemaker"],
  azure: ["azure_ai", "azure_openai", "azure-openai", "azure_text"],
  cohere: ["cohere_chat"],
  fireworks: ["fireworks_ai", "fireworks-ai"],
  "github-copilot": ["github_copilot"],
  google: ["gemini", "vertex", "vertex_ai", "vertex-ai", "vertex_ai_beta", "google_ai_studio"],
  mistral: ["mistralai", "codestral", "text-completion-codestral"],
  moonshotai: ["moonshot"],
  openai: ["text-completion-openai"],
  perplexity: ["perplexity_ai"],
  together: ["together_ai", "together-ai", "togetherai"],
  voyageai: ["voyage"],
  "x-ai": ["xai", "grok"],
  zai: ["z-ai", "z_ai"],
};

const byName = new Map(
  Object.entries(catalogueNames).flatMap(([id, names]) =>
    names.map((name): [string, string] => [name, id]),
  ),
);

/** As the catalogue names a provider; a name that nobody knows stays as it is. Null for rules without a name. */
export function catalogueName(provider: string | null): string | null {
  if (provider === null || provider === "custom") return null;
  const name = provider.trim().toLowerCase();
  return byName.get(name) ?? name;
}
