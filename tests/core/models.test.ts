import { describe, expect, test } from "bun:test";
import { GatewayError } from "../../src/core/errors.ts";
import type { Body } from "../../src/core/types.ts";
import { mayUseModels } from "../../src/gateway/body-facts.ts";
import { bytesOf, holder, teamRecord } from "./calls.ts";
import { facts, json, unreadable } from "./facts.ts";

describe("a model in the path or the query", () => {
  const none: Body = { kind: "none" };
  const named = (path: string, query = "", body: Body = none) =>
    facts(body, { path, query, headers: json }).models;

  test.each<readonly [string, readonly string[]]>([
    ["/v1beta/models/gemini-pro:generateContent", ["gemini-pro"]],
    ["/g/v1beta/models/gemini-pro", ["gemini-pro"]],
    ["/v1beta/tunedModels/mine-1:generateContent", ["mine-1"]],
    ["/v1/projects/p/locations/l/publishers/google/models/g:predict", ["g"]],
    ["/v1/models/ft:gpt-4o:org::abc", ["ft:gpt-4o:org::abc"]],
    ["/v1/models", []],
    ["/v1/models/", []],
    ["/v1beta/%6Dodels/gemini%2Dpro:generateContent", ["gemini-pro"]],
    ["/V1/MODELS/x", ["x"]],
    ["/openai/deployments/gpt-4o/chat/completions", ["gpt-4o"]],
    ["/v1/engines/davinci/completions", ["davinci"]],
    ["/model/anthropic.claude-3-v1:0/invoke", ["anthropic.claude-3-v1:0"]],
    ["/model/anthropic.claude-3-v1%3A0/converse-stream", ["anthropic.claude-3-v1:0"]],
    [
      "/model/arn:aws:bedrock:us:1:inference-profile/us.x/invoke-with-response-stream",
      ["arn:aws:bedrock:us:1:inference-profile/us.x"],
    ],
    [
      "/model/arn%3Aaws%3Abedrock%3Aus%3A1%3Ainference-profile%2Fus.x/invoke",
      ["arn:aws:bedrock:us:1:inference-profile/us.x"],
    ],
    ["/models/a:x/models/b:y", ["a", "b"]],
    ["/v1/chat/completions", []],
  ])("%s", (path, expected) => {
    expect(named(path)).toEqual(expected);
  });

  test("an encoded slash may not hide one", () => {
    for (const path of ["/v1beta%2Fmodels/a:b", "/v1beta/models%2Fa:b", "/x%2fmodel%2fa/invoke"]) {
      expect(unreadable(none, { path })).toContain("path");
    }
  });

  test("all that are named count, each once", () => {
    expect(named("/models/a:x", "model=b&MODEL=c", bytesOf('{"model":"models/a"}'))).toEqual([
      "a",
      "b",
      "c",
    ]);
    expect(named("/listen", "a=1&m%6Fdel=nova")).toEqual(["nova"]);
  });

  test.each([
    ["/v1beta/models/a:generateContent", ""],
    ["/openai/deployments/a/chat/completions", ""],
    ["/v1/engines/a/completions", ""],
    ["/model/a/converse", ""],
    ["/v1/listen", "model=a"],
    ["/v1/speak", "x=1&model=a"],
  ])("then the body need name none: %s?%s", (path, query) => {
    expect(named(path, query, bytesOf("{}"))).toEqual(["a"]);
  });

  test.each([
    ["/v1/chat/completions", "model=a"],
    ["/v1/messages/batches", "model=a"],
    ["/models/a", ""],
    ["/models/a:x/chat", ""],
    ["/models/a/x", ""],
    ["/models/a/x", "model=a"],
    ["/deployments/a", ""],
    ["/listen/x", "model=a"],
    ["/listen", ""],
  ])("a decoy names it not: %s?%s", (path, query) => {
    expect(unreadable(bytesOf("{}"), { path, query, headers: json })).toContain("names none.");
  });

  test("a decoy hides none", () => {
    const body = bytesOf('{"requests":[{"params":{"model":"b"}}]}');

    expect(named("/v1/messages/batches", "model=a", body)).toEqual(["a", "b"]);
    expect(named("/models/a:x", "", body)).toEqual(["a", "b"]);
  });

  test("long paths take no time", () => {
    const startedAt = performance.now();
    for (const piece of ["/model/", "/model/a/invoke", "/models/a", "/%2f", "%", ":a"]) {
      unreadable(none, { path: `/model/${piece.repeat(16_000 / piece.length)}/invoke!` });
    }
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });

  test("without a body there may be none", () => {
    expect(named("/v1/batches")).toEqual([]);
    expect(named("/v1/batches", "", bytesOf(""))).toEqual([]);
  });
});

describe("mayUseModels", () => {
  const may = (
    list: readonly string[],
    asked: readonly string[],
    ofTeam: string[] | null = null,
  ) => {
    try {
      mayUseModels(
        holder({ models: list }, ofTeam === null ? null : teamRecord({ models: ofTeam })),
        asked,
      );
      return true;
    } catch (error) {
      if (error instanceof GatewayError && error.code === "model_not_allowed") {
        expect(error.message).toMatch(
          /^The key may not use this model\. The (key|team)'s models leave it out\.$/,
        );
        return false;
      }
      throw error;
    }
  };

  test.each<readonly [readonly string[], readonly string[], boolean]>([
    [[], ["a"], true],
    [["gpt-4o"], ["gpt-4o"], true],
    [["gpt-4o"], ["gpt-4o-mini"], false],
    [["gpt-4o"], ["GPT-4o"], false],
    [["gpt-4*"], ["gpt-4"], true],
    [["gpt-4*"], ["gpt-4o-mini"], true],
    [["gpt-4*"], ["xgpt-4"], false],
    [["openai/*"], ["openai/gpt"], true],
    [["openai/*"], ["openai"], false],
    [["*-mini"], ["gpt-4o-mini"], true],
    [["a*b*c"], ["a-b-c"], true],
    [["a*b*c"], ["a-c-b"], false],
    [["ab*ba"], ["aba"], false],
    [["a**"], ["a"], true],
    [["*"], ["x"], true],
    [["all-proxy-models"], ["x"], true],
    [["all-team-models"], ["x"], true],
    [["no-default-models"], ["x"], false],
    [["a", "b"], ["a", "b"], true],
    [["a"], ["a", "b"], false],
    [["a"], [], true],
    [["a."], ["ab"], false],
    [[""], ["a"], false],
  ])("%j and %j: %p", (list, asked, expected) => {
    expect(may(list, asked)).toBe(expected);
    expect(may([], asked, [...list])).toBe(expected);
    expect(may(["*"], asked, [...list])).toBe(expected);
  });

  test("key and team both hold", () => {
    expect(may(["a", "b"], ["a"], ["b", "c"])).toBe(false);
    expect(may(["a", "b"], ["b"], ["b", "c"])).toBe(true);
    expect(may(["all-team-models"], ["a"], ["b"])).toBe(false);
  });

  test("the master key and anybody may use every model", () => {
    mayUseModels({ kind: "master" }, ["a"]);
    mayUseModels({ kind: "anonymous" }, ["a"]);
  });
});
