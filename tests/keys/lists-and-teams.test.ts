import { describe, expect, test } from "bun:test";
import { codeOf, inForce, testBook } from "./book.ts";

describe("lists", () => {
  test("filter, order and page", () => {
    using opened = testBook();
    const { book } = opened;
    book.createTeam("t", {}, "me");
    const [a, b, c] = [
      book.create({ alias: "Alpha", teamId: "t", expiresAt: 3 }, null, "me").record,
      book.create({ alias: "beta", userId: "u", teamId: "t", expiresAt: 1 }, null, "me").record,
      book.create({ alias: "alphabet%" }, null, "me").record,
    ];
    const names = (
      ...[filter, by, descending = false]: [object, "alias" | "expiresAt", boolean?]
    ) =>
      book.list(filter, { by, descending }, { page: 1, size: 10 }).items.map(({ alias }) => alias);

    expect(names({ teamId: "t" }, "expiresAt")).toEqual([b.alias, a.alias]);
    expect(names({}, "expiresAt", true)).toEqual([a.alias, b.alias, c.alias]);
    expect(names({ alias: "ALPHA", substring: true }, "alias")).toEqual(["Alpha", "alphabet%"]);
    expect(names({ alias: "%", substring: true }, "alias")).toEqual(["alphabet%"]);
    expect(names({ alias: "alpha" }, "alias")).toEqual([]);
    expect(names({ userId: "u" }, "alias")).toEqual(["beta"]);
    expect(names({ id: c.id }, "alias")).toEqual(["alphabet%"]);
    const page = book.list({}, { by: "alias", descending: false }, { page: 2, size: 2 });
    expect([page.items.map(({ alias }) => alias), page.total]).toEqual([["beta"], 3]);
  });
});

describe("teams", () => {
  test("are made, changed and found", () => {
    using opened = testBook();
    const { book } = opened;

    const team = book.createTeam(null, { alias: "x", models: ["m"] }, "me");
    expect(book.team(team.id)).toEqual(team);
    book.changeTeam(team.id, { blocked: true }, "me");

    expect(team.id).toMatch(/^[0-9a-f]{32}$/);
    expect(book.team(team.id)?.blocked).toBe(true);
    expect(book.team("other")).toBeNull();
    expect(book.teams({ page: 1, size: 5 })).toMatchObject({ total: 1 });
    expect(codeOf(() => book.createTeam(team.id, {}, "me"))).toStartWith("request_invalid");
    expect(codeOf(() => book.createTeam("a\nb", {}, "me"))).toStartWith("request_invalid");
    expect(codeOf(() => book.changeTeam("other", {}, "me"))).toStartWith("not_found");
  });

  test("take their keys with them, all or none", () => {
    using opened = testBook();
    const { book } = opened;
    book.createTeam("t", {}, "me");
    const own = book.create({ teamId: "t" }, null, "me");
    const other = book.create({}, null, "me");
    expect(book.team("t")).not.toBeNull();

    expect(codeOf(() => book.removeTeams(["t", "u"], "me"))).toStartWith("not_found");
    expect(inForce(book, own.key).teamId).toBe("t");
    book.removeTeams(["t", "t"], "me");

    expect(book.team("t")).toBeNull();
    expect(book.find(own.key)).toBe("revoked");
    expect(inForce(book, other.key).id).toBe(other.record.id);
  });
});
