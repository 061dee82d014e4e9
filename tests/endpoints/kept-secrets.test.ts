import { expect, test } from "bun:test";
import { maskedSettings } from "../../src/core/endpoint-secrets.ts";
import { codeOf } from "../keys/book.ts";
import { secretSettings, secrets, testBooks } from "./book.ts";

type Settings = Readonly<Record<string, unknown>>;

/** The settings after a change of an endpoint, or why it was refused. */
function changed(changes: Settings, before: Settings = secretSettings): Settings | string {
  using place = testBooks();
  const { book } = place.open();
  book.create("x", before, "me");
  const code = codeOf(() => book.tryOut({ kind: "change", id: "x", changes, version: null }));
  const told = codeOf(() => book.change("x", changes, 1, "me"));
  expect(code).toBe(told);
  const settings = book.find("x")?.settings ?? {};
  if (told !== "done") expect(settings).toEqual(before);
  return told === "done" ? settings : told;
}

const masked = maskedSettings(secretSettings);
const elsewhere = "https://mine.example.com/";

test.each([
  ["another host", { target: elsewhere }],
  ["another host, with the masked parameter", { target: `${elsewhere}?key=********9999` }],
  ["another scheme", { target: "http://api.example.com/v1?key=********9999" }],
  ["another port", { target: "https://api.example.com:8443/v1?key=********9999" }],
  ["a host below", { target: "https://mine.api.example.com/v1" }],
  ["the sample, which tells all that it gets", { target: "tollgate://sample" }],
  ["all as it was shown, but the target", { ...masked, target: elsewhere }],
  ["no check of the certificate", { tls: { verify: false } }],
  ["a certificate for another name", { tls: { server_name: "mine.example.com" } }],
])("a change to %s keeps no secret", (_, changes) => {
  const told = changed(changes);

  const isTargetKept = String(Object(changes).target ?? "key").includes("key");
  const places = [
    ...(isTargetKept ? ["target"] : []),
    ...["Authorization", "x.dotted.name", "x-number"].map((name) => `headers.${name}`),
    "default_query_params.token",
  ];
  for (const at of places) expect(told).toContain(`${at}: the target`);
  expect(
    String(told).match(/write (?:its value|the masked part) again, or take it out\./g),
  ).toHaveLength(places.length);
  for (const secret of secrets) expect(told).not.toContain(secret);
});

test("what is written again or taken out in the same change goes with it", () => {
  const changes = {
    target: `${elsewhere}?key=new-target-secret`,
    headers: { Authorization: "Bearer new-header-secret", accept: "text/plain" },
    default_query_params: null,
  };

  expect(changed(changes)).toEqual({
    path: "/bria",
    target: changes.target,
    headers: changes.headers,
  });
  expect(changed({ ...changes, headers: { Authorization: "********1234" } })).toContain(
    "headers.Authorization: the target leads elsewhere now",
  );
  expect(changed({ ...changes, headers: null, default_query_params: { page: "2" } })).toEqual({
    path: "/bria",
    target: changes.target,
    default_query_params: { page: "2" },
  });
});

test("the same server may be named anew, and its secrets stay", () => {
  const same = { ...masked, target: "HTTPS://API.example.com:443/v2?key=********9999" };

  expect(changed(same)).toMatchObject({
    target: "HTTPS://API.example.com:443/v2?key=target-secret-9999",
    headers: secretSettings.headers,
  });
  expect(changed({ tls: { verify: true } })).toMatchObject({ headers: secretSettings.headers });
});

test("an endpoint without secrets goes anywhere", () => {
  const before = { path: "/a", target: "https://api.example.com", headers: { accept: "a/b" } };

  expect(changed({ target: elsewhere, tls: { verify: false } }, before)).toMatchObject({
    target: elsewhere,
  });
});
