import { describe, expect, test } from "bun:test";
import type { KeyReply, TeamReply } from "../../src/ui/replies.ts";
import {
  emptyKey,
  keyChanges,
  keyFaults,
  keyFormOf,
  newKeyBody,
} from "../../src/ui/pages/keys/key-form.ts";
import {
  emptyTeam,
  newTeamBody,
  teamChanges,
  teamFormOf,
} from "../../src/ui/pages/teams/team-form.ts";
import { key, team } from "./keys-samples.ts";

const full: KeyReply = {
  ...key,
  key_alias: "web-app",
  team_id: "web",
  user_id: "ada",
  expires: "2026-12-01T00:00:00.000Z",
  soft_budget: 4,
  max_budget: 5,
  budget_duration: "30d",
  rpm_limit: 60,
  tpm_limit: 10_000,
  max_parallel_requests: 4,
  models: ["gpt-4*", "sample"],
  allowed_passthrough_routes: ["/sample"],
  allowed_routes: ["/a/*"],
  model_rpm_limit: { sample: 9 },
  model_max_budget: { "gpt-4o": { budget_limit: 2, time_period: "1d" } },
  tags: ["prod, eu"],
  metadata: { owner: "ada" },
};

describe("a new key", () => {
  test("that is left empty asks for nothing", () => {
    expect(newKeyBody(emptyKey)).toEqual({});
  });

  test("says what is filled in, under the API's names", () => {
    const form = {
      ...keyFormOf(full),
      lifetime: "90d",
      isAdmin: true,
      models: " gpt-4* \n\n sample ",
    };

    expect(newKeyBody(form)).toEqual({
      key_alias: "web-app",
      team_id: "web",
      user_id: "ada",
      user_role: "proxy_admin",
      duration: "90d",
      soft_budget: 4,
      max_budget: 5,
      budget_duration: "30d",
      rpm_limit: 60,
      tpm_limit: 10_000,
      max_parallel_requests: 4,
      models: ["gpt-4*", "sample"],
      allowed_passthrough_routes: ["/sample"],
      allowed_routes: ["/a/*"],
      model_rpm_limit: { sample: 9 },
      model_max_budget: { "gpt-4o": { budget_limit: 2, time_period: "1d" } },
      tags: ["prod, eu"],
      metadata: { owner: "ada" },
    });
  });

  test("has no budget period without a budget", () => {
    expect(newKeyBody({ ...emptyKey, period: "30d" })).toEqual({});
  });
});

describe("a key that is changed", () => {
  test("and shown without a change sends nothing", () => {
    expect(keyChanges(full, keyFormOf(full))).toBeNull();
    expect(keyChanges(key, keyFormOf(key))).toBeNull();
  });

  test("sends what is another, and nothing else", () => {
    const form = { ...keyFormOf(full), alias: "web-2", budget: 0, rpm: null };

    expect(keyChanges(full, form)).toEqual({
      key: full.token,
      key_alias: "web-2",
      max_budget: 0,
      rpm_limit: null,
    });
  });

  test("takes away with null whatever is emptied", () => {
    const form = { ...emptyKey, lifetime: "" };

    const changes = keyChanges(full, form) ?? {};

    const { key: id, ...cleared } = changes;
    expect(id).toBe(full.token);
    expect(new Set(Object.values(cleared))).toEqual(new Set([null]));
    const names =
      "key_alias team_id user_id duration soft_budget max_budget budget_duration rpm_limit tpm_limit " +
      "max_parallel_requests models allowed_passthrough_routes allowed_routes model_rpm_limit " +
      "model_max_budget tags metadata";
    expect(Object.keys(cleared).sort()).toEqual(names.split(" ").sort());
  });

  test("keeps its end unless another is chosen", () => {
    expect(keyChanges(full, { ...keyFormOf(full), lifetime: "" })).toEqual({
      key: full.token,
      duration: null,
    });
    expect(keyChanges(full, { ...keyFormOf(full), lifetime: "7d" })).toEqual({
      key: full.token,
      duration: "7d",
    });
  });

  test("keeps a model's other limits when one is taken away", () => {
    const form = keyFormOf(full);
    const [first, ...others] = form.modelLimits;

    expect(first?.model).toBe("sample");
    expect(keyChanges(full, { ...form, modelLimits: others })).toEqual({
      key: full.token,
      model_rpm_limit: null,
    });
  });
});

describe("what is wrong without asking", () => {
  test.each(["[1]", "{", "3", "null", '"a"'])("metadata %s", (metadata) => {
    expect(Object.keys(keyFaults({ ...emptyKey, metadata }))).toEqual(["metadata"]);
  });

  test("a limit without a model, and a model that stands twice", () => {
    const limit = { model: "", rpm: 1, tpm: null, budget: null, period: "" };

    expect(keyFaults({ ...emptyKey, modelLimits: [limit] })).toEqual({
      model_max_budget: "Each row needs the name of a model.",
    });
    const named = { ...limit, model: "m" };
    expect(keyFaults({ ...emptyKey, modelLimits: [named, { ...named, model: " m" }] })).toEqual({
      model_max_budget: "m stands more than once.",
    });
    expect(keyFaults({ ...emptyKey, modelLimits: [{ ...limit, rpm: null }] })).toEqual({});
  });
});

describe("a team", () => {
  test("is made with an id or without", () => {
    expect(newTeamBody(emptyTeam)).toEqual({});
    expect(newTeamBody({ ...emptyTeam, id: " web ", alias: "Web", budget: 5 })).toEqual({
      team_id: "web",
      team_alias: "Web",
      max_budget: 5,
    });
  });

  test("sends what is another, and never another id", () => {
    const given: TeamReply = { ...team, team_alias: "Web", rpm_limit: 5 };

    expect(teamChanges(given, teamFormOf(given))).toBeNull();
    expect(teamChanges(given, { ...teamFormOf(given), id: "x", alias: "", rpm: 6 })).toEqual({
      team_id: team.team_id,
      team_alias: null,
      rpm_limit: 6,
    });
  });
});
