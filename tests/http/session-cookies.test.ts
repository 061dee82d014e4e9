import { expect, test } from "bun:test";
import { makeCertificates } from "../gateway/certificates.ts";
import {
  ask,
  masterKey,
  type SessionApp,
  signedIn,
  signIn,
  startSessionApp,
} from "./session-app.ts";

test("on plain http the cookie is HttpOnly, Strict and the host's alone", async () => {
  using app = startSessionApp();

  const line = (await signIn(app, masterKey)).headers.get("set-cookie") ?? "";

  expect(line.replace(`_${app.port}=`, "_PORT=")).toMatch(
    /^tollgate_session_PORT=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200$/,
  );
});

test("on TLS it has the __Host- prefix and Secure, and no other name counts", async () => {
  using certificates = makeCertificates();
  using app = startSessionApp({ tls: certificates.valid });

  const line = (await signIn(app, masterKey)).headers.get("set-cookie") ?? "";
  const [, token = ""] = /^__Host-tollgate_session=([\w-]{43}); /.exec(line) ?? [];
  const right = await ask(app, "GET /routes", { cookie: `__Host-tollgate_session=${token}` });
  const wrong = await ask(app, "GET /routes", { cookie: `tollgate_session=${token}` });
  const http = await signIn(app, masterKey, { origin: app.url.replace("https", "http") });

  expect(line).toEndWith("; Path=/; HttpOnly; SameSite=Strict; Max-Age=43200; Secure");
  expect([right.status, wrong.status]).toEqual([200, 401]);
  expect([http.status, http.type]).toEqual([403, "cross_site"]);
});

test("behind a trusted proxy that speaks TLS the cookie is Secure; who else says so is not heard", async () => {
  using trusting = startSessionApp({ settings: "  trusted_proxies: [127.0.0.1]\n" });
  using other = startSessionApp({ settings: "  trusted_proxies: [192.0.2.1]\n" });
  const line = async (app: SessionApp, proto: string) => {
    const origin = app.url.replace("http:", "https:");
    const reply = await signIn(app, masterKey, { origin, "x-forwarded-proto": proto });
    return reply.headers.get("set-cookie") ?? "";
  };

  expect(await line(trusting, "https")).toMatch(/^__Host-.*; Secure$/);
  expect(await line(trusting, "http, https")).toMatch(/^__Host-.*; Secure$/);
  expect(await line(trusting, "https, http")).toMatch(
    /^tollgate_session_\d+=.{43}; .*Max-Age=43200$/,
  );
  expect(await line(other, "https")).not.toContain("Secure");
});

test("the cookie's value is no key, in whatever header", async () => {
  using app = startSessionApp();
  const { cookie } = await signedIn(app);
  const token = cookie.slice(cookie.indexOf("=") + 1);

  for (const headers of [
    { authorization: `Bearer ${token}` },
    { authorization: `Bearer ${cookie}` },
    { "x-litellm-api-key": token },
  ]) {
    expect((await ask(app, "GET /routes", headers)).status).toBe(401);
  }
});

test("of several cookies of the name the one that is valid counts", async () => {
  using app = startSessionApp();
  const { cookie } = await signedIn(app);
  const planted = `${cookie.split("=", 1)}=${"x".repeat(43)}`;

  const second = await ask(app, "GET /routes", { cookie: `a=1; ${planted}; ${cookie}` });
  const none = await ask(app, "GET /routes", { cookie: `${planted}; x${cookie}` });
  const before = await ask(app, "GET /routes", { cookie: `${cookie}; ${planted}; ${planted}` });

  expect([second.status, none.status, before.status]).toEqual([200, 401, 200]);
});

test("cookies of narrower paths, which browsers send first, do not keep anybody out", async () => {
  using app = startSessionApp();
  const { cookie } = await signedIn(app);
  const planted = Array.from({ length: 150 }, (_, number) => {
    return `${cookie.split("=", 1)}=${String(number).padStart(43, "x")}`;
  });

  const reply = await ask(app, "GET /routes", { cookie: [...planted, cookie, "a=1"].join("; ") });

  expect(reply.status).toBe(200);
});

test("gateways on two ports of one host do not sign each other out", async () => {
  using one = startSessionApp();
  using other = startSessionApp();
  const jar = [await signedIn(one), await signedIn(other)].map(({ cookie }) => cookie).join("; ");

  const replies = [one, other].map((app) => ask(app, "GET /routes", { cookie: jar }));

  expect((await Promise.all(replies)).map(({ status }) => status)).toEqual([200, 200]);
});
