/** Headers that are no credentials: the gateway shows them as they are. */
const harmlessHeaders =
  /^(?:accept(?:-.+)?|anthropic-(?:beta|version)|cache-control|content-.+|http-referer|litellm_user_api_key|openai-(?:beta|organization|project)|origin|referer|traceparent|tracestate|user-agent|x-title)$/i;

const secretParameter = /auth|key|token|secret|passw|credential|sig|^code$/i;

/** Whether the gateway keeps this header's value to itself once it is stored. */
export function isSecretHeader(name: string): boolean {
  return !harmlessHeaders.test(name.trim());
}

/** What config.yaml reads from elsewhere is text here. */
export function referenceWarning(value: string): string | null {
  const [, kind] = /(?:^|\s)(os\.environ|cred)\//.exec(value) ?? [];
  return kind === undefined
    ? null
    : `${kind}/… is not read here: the upstream would get these very letters. Paste the value, or write the route into config.yaml.`;
}

/** The same for a query parameter. */
export function isSecretParameter(name: string): boolean {
  return secretParameter.test(name.trim());
}
