import { expect, test } from "bun:test";
import { formOfLog } from "../../src/ui/pages/test/from-log.ts";
import type { LogDetailReply } from "../../src/ui/replies.ts";

type Request = NonNullable<LogDetailReply["request"]>;

const request: Request = {
  method: "POST",
  url: "/s/v1/chat?x=1",
  headers: { "content-type": "application/json" },
  body: '{"a":1}',
  body_base64: null,
  bytes: 7,
  truncated: false,
};

function logOf(parts: Partial<Request> | null): LogDetailReply {
  const row = { method: "PUT", request_id: "c" };
  const log: unknown = parts === null ? row : { ...row, request: { ...request, ...parts } };
  if (!isLog(log)) throw new Error("no log");
  return log;
}

function isLog(value: unknown): value is LogDetailReply {
  return typeof value === "object" && value !== null && "request_id" in value;
}

test("a logged call fills in the form", () => {
  const form = formOfLog(logOf({}), true);

  expect(form).toMatchObject({ method: "POST", path: "/s/v1/chat?x=1", key: { kind: "master" } });
  expect(form.body).toMatchObject({ kind: "json", json: '{"a":1}' });
  expect(form.headers).toEqual([{ name: "content-type", value: "application/json" }]);
  expect(form.notes).toEqual([]);
});

test("masked headers are left out with a word, and the gateway's own without one", () => {
  const form = formOfLog(
    logOf({
      headers: {
        authorization: "[redacted]",
        "x-api-key": "[redacted]",
        host: "h",
        "content-length": "7",
        "x-mine": "1",
      },
    }),
    true,
  );

  expect(form.headers).toEqual([{ name: "x-mine", value: "1" }]);
  expect(form.notes.join()).toContain("authorization, x-api-key");
});

test("secrets of the query, a body that was cut, and one that was not kept are told", () => {
  expect(formOfLog(logOf({ url: "/s?key=[redacted]" }), true).notes).toHaveLength(1);
  expect(formOfLog(logOf({ truncated: true }), true).notes.join()).toContain("its end is missing");
  const gone = formOfLog(logOf({ body: "[not kept: too large]" }), true);
  expect(gone.body.kind).toBe("none");
  expect(gone.notes).toHaveLength(1);
});

test("bytes become a file of their type", async () => {
  const form = formOfLog(
    logOf({ body: null, body_base64: btoa("\xff\0"), headers: { "content-type": "image/png" } }),
    false,
  );

  expect(form.body.kind).toBe("file");
  expect(form.body.file?.type).toBe("image/png");
  expect([...((await form.body.file?.bytes()) ?? [])]).toEqual([255, 0]);
  expect(form.key).toEqual({ kind: "none" });
});

test("a call whose bodies were not logged says so", () => {
  const form = formOfLog(logOf(null), true);

  expect(form.method).toBe("PUT");
  expect(form.path).toBe("");
  expect(form.notes).toHaveLength(1);
});
