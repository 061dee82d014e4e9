import { describe, expect, test } from "bun:test";
import { bytesOf, type CallParts } from "./calls.ts";
import { facts, unreadable } from "./facts.ts";

const multipart = { "content-type": "multipart/form-data; boundary=XyZ" };
const models = (text: string, parts: CallParts) => facts(bytesOf(text), parts).models;

const part = (name: string, value: string, more = "") =>
  `--XyZ\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`;
const end = "--XyZ--\r\n";
const file = part("file", "model\r\nname=model", '; filename="a;name=\\"model\\".mp3"');

describe("a model in multipart", () => {
  test.each<readonly [string, readonly string[]]>([
    [part("model", "whisper-1") + end, ["whisper-1"]],
    [file + part("model", "whisper-1") + end, ["whisper-1"]],
    [part("model", "a") + file + part("MODEL", "b") + end, ["a", "b"]],
    [part("model", "a", '; filename="x"') + end, ["a"]],
    [part("model", "a") + "--XyZ--", ["a"]],
    ["--XyZ\r\ncontent-disposition:form-data;name=model\r\n\r\na\r\n--XyZ--", ["a"]],
    [part("model", "") + end, [""]],
    [part("model", "a", "\r\nContent-Type: text/plain; charset=UTF-8") + end, ["a"]],
  ])("%j", (text, expected) => {
    expect(models(text, { headers: multipart })).toEqual(expected);
  });

  test.each([
    ["no part of that name", file + end],
    ["no end", part("model", "a")],
    ["cut off", `${part("model", "a")}--XyZ`],
    ["text before", `preamble\r\n${part("model", "a")}${end}`],
    ["text after", `${part("model", "a")}${end}--XyZ\r\n`],
    ["bare line feeds", (part("model", "a") + end).replaceAll("\r\n", "\n")],
    [
      "a part that lenient parsers see",
      part("model", "a") + part("x", `y\n${part("model", "b")}`) + end,
    ],
    ["a delimiter that goes on", part("model", "a") + part("x", "\r\n--XyZ2\r\n") + end],
    ["a name twice", part("model", "a", '; name="x"') + end],
    ["a name that is encoded", part("model", "a", "; name*=utf-8''x") + end],
    ["a name with escapes", part("mod\\el", "a") + part("model", "a") + end],
    ["a name with percent escapes", part("%6dodel", "a") + part("model", "a") + end],
    [
      "two dispositions",
      `--XyZ\r\nContent-Disposition: form-data; name="x"\r\nContent-Disposition: form-data; name="model"\r\n\r\na\r\n${end}`,
    ],
    [
      "a folded header",
      `--XyZ\r\nContent-Disposition: form-data;\r\n name="model"\r\n\r\na\r\n${end}`,
    ],
    ["no name", `--XyZ\r\nContent-Disposition: form-data\r\n\r\na\r\n${end}`],
    ["too long a value", part("model", "a".repeat(300)) + end],
    ["another charset", part("model", "a", "\r\nContent-Type: text/plain; charset=utf-7") + end],
    ["an encoding", part("model", "YQ==", "\r\nContent-Transfer-Encoding: base64") + end],
    ["not UTF-8", part("x", "1") + end],
  ])("cannot be read: %s", (_, text) => {
    expect(unreadable(bytesOf(text), { headers: multipart })).not.toBeNull();
  });

  test.each([
    "multipart/form-data",
    'multipart/form-data; boundary=""',
    "multipart/form-data; boundary=XyZ; boundary=Other",
    "multipart/form-data; boundary=XyZ, application/json",
    "multipart/mixed; boundary=XyZ",
    `multipart/form-data; boundary=${"X".repeat(71)}`,
  ])("nor as %s", (type) => {
    const headers = { "content-type": type };
    expect(unreadable(bytesOf(part("model", "a") + end), { headers })).not.toBeNull();
  });

  test("quoted boundaries are boundaries", () => {
    const headers = { "content-type": 'Multipart/Form-Data; Boundary="XyZ"' };
    expect(models(part("model", "a") + end, { headers })).toEqual(["a"]);
  });

  test("hostile parts take no time", () => {
    const startedAt = performance.now();
    for (const piece of ["--XyZ\r\n", "--XyZ", "\r\n", ";", '"', "\\", "; name=", " "]) {
      const text = piece.repeat(60_000 / piece.length);
      unreadable(bytesOf(text), { headers: multipart });
      unreadable(bytesOf(part("x", "1", text) + end), { headers: multipart });
      unreadable(bytesOf("{}"), { headers: { "content-type": `application/json${text}` } });
    }
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });

  test("there are not to be too many of them", () => {
    const of = (count: number, name: string, value: (index: number) => string) =>
      Array.from({ length: count }, (_, index) => part(name, value(index))).join("") + end;

    expect(models(part("model", "a") + of(999, "x", String), { headers: multipart })).toEqual([
      "a",
    ]);
    expect(
      unreadable(bytesOf(part("model", "a") + of(1_000, "x", String)), { headers: multipart }),
    ).toContain("has parts");
    expect(unreadable(bytesOf(of(17, "model", String)), { headers: multipart })).toContain(
      "names too many models",
    );
  });
});
