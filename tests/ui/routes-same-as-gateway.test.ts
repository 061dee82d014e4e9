import { expect, test } from "bun:test";
import { isSecretHeader, isSecretParameter } from "../../src/core/endpoint-secrets.ts";
import { maskSecret } from "../../src/core/endpoint-secrets.ts";
import { joinPath } from "../../src/gateway/build-request.ts";
import { previewOf } from "../../src/ui/pages/routes/preview.ts";
import { isMask } from "../../src/ui/masks.ts";
import * as page from "../../src/ui/pages/routes/secret-names.ts";

const names = [
  ..."accept accept-encoding anthropic-beta anthropic-version api-key api_token authorization".split(
    " ",
  ),
  ..."cache-control code content-type cookie http-referer key litellm_user_api_key model".split(
    " ",
  ),
  ..."openai-beta openai-organization origin password q referer sig signature subscription-key".split(
    " ",
  ),
  ..."token traceparent user-agent version x-api-key x-custom x-title Ocp-Apim-Subscription-Key".split(
    " ",
  ),
];

test.each(names)("the page hides %s where the gateway does", (name) => {
  expect(page.isSecretHeader(name)).toBe(isSecretHeader(name));
  expect(page.isSecretParameter(name)).toBe(isSecretParameter(name));
});

test.each(["", "short", "sk-a-long-secret-0123", "ends-in-émoji"])(
  "the mask of %p is known",
  (secret) => {
    expect(isMask(maskSecret(secret))).toBe(true);
    expect(isMask(secret)).toBe(false);
  },
);

test.each(["/", "/v1", "/v1/", "/a/b"])("below the target path %s both join alike", (path) => {
  const found = previewOf(
    {
      path: "/x",
      target: `https://a.example${path}`,
      methods: [],
      include_subpath: true,
      merge_query_params: false,
      default_query_params: [],
    },
    "",
  );
  const [, below = ""] = found?.line.from.split("/x") ?? [];

  expect(found?.line.to).toBe(`https://a.example${joinPath(path, below)}`);
});
