import { expect, test } from "bun:test";
import { azure } from "../../src/providers/azure.ts";
import { callOf, testGolden } from "./golden.ts";
import { azureCases } from "./golden/azure.ts";

testGolden(azure, azureCases);

test("the deployment is the model that the path names", () => {
  const model = (path: string) => azure.modelOfPath(path);

  expect(model("/openai/deployments/my%20gpt/chat/completions")).toBe("my gpt");
  expect(model("/openai/deployments/%E0/chat/completions")).toBe("%E0");
  expect(model("/openai/v1/chat/completions")).toBeNull();
});

test("Claude there tells what it used in its own form, as Azure's", () => {
  const fold = azure.fold(callOf({ path: "/anthropic/v1/messages" }));
  if (fold === null || fold === "free") throw new Error("no fold");
  const usage = { input_tokens: 12, cache_read_input_tokens: 5, output_tokens: 7 };
  fold.add({ type: "message", model: "claude-sonnet-4-5", usage }, null);

  expect(fold.result()).toMatchObject({
    provider: "azure",
    model: "claude-sonnet-4-5",
    usage: { input: 17, cached: 5, output: 7 },
    isFinal: true,
  });
});

test("batches and files cost nothing; of the other services at these hosts nobody knows", () => {
  expect(azure.fold(callOf({ path: "/openai/batches" }))).toBe("free");
  expect(azure.fold(callOf({ path: "/openai/v1/files" }))).toBe("free");
  expect(azure.fold(callOf({ method: "GET", path: "/openai/v1/models" }))).toBe("free");
  expect(azure.fold(callOf({ path: "/language/:analyze-text" }))).toBeNull();
  expect(azure.countsTokens(callOf({ path: "/openai/deployments/x/chat/completions" }))).toBe(true);
  expect(azure.countsTokens(callOf({ path: "/speechtotext/v3.2/chat/completions" }))).toBe(false);
});
