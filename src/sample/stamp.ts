/** An id as OpenAI's and Anthropic's APIs make them: a prefix and 32 random characters. */
export function randomId(prefix: string): string {
  return prefix + crypto.randomUUID().replaceAll("-", "");
}

/** The time as those APIs tell it, in whole seconds. */
export function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
