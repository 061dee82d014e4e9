import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "bun:test";
import { emptyBody, type FormPart, type TestForm } from "../../src/ui/pages/test/form.ts";
import { snippetCallOf } from "../../src/ui/pages/test/snippet-call.ts";
import { curlOf } from "../../src/ui/pages/test/snippet-curl.ts";
import { pythonOf } from "../../src/ui/pages/test/snippet-python.ts";
import { typescriptOf } from "../../src/ui/pages/test/snippet-typescript.ts";
import { formOf, postOf } from "./test-forms.ts";

interface Seen {
  readonly method: string;
  readonly target: string;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** Notes what comes, and answers. */
function startTarget() {
  const seen: Seen[] = [];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: async (request) => {
      const target = request.url.replace(/^https?:\/\/[^/]+/, "");
      const body = new Uint8Array(await request.arrayBuffer());
      seen.push({ method: request.method, target, headers: request.headers, body });
      return new Response("answer\n", { status: 429 });
    },
  });
  return {
    origin: `http://127.0.0.1:${server.port}`,
    seen,
    [Symbol.dispose]: () => void server.stop(true),
  };
}

/** A folder of its own for a snippet to run in. */
function startFolder(files: Readonly<Record<string, string | Uint8Array>> = {}) {
  const path = mkdtempSync(join(tmpdir(), "snippet-"));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(path, name), content);
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}

const runners = {
  curl: (text: string) => ["sh", "-c", text],
  python: (text: string) => ["python3", "-c", text],
  typescript: (text: string, folder: string) => {
    writeFileSync(join(folder, "call.ts"), text);
    return [process.execPath, "run", join(folder, "call.ts")];
  },
};

const languages = { curl: curlOf, python: pythonOf, typescript: typescriptOf } as const;

type Language = keyof typeof languages;

/** Left out where the language is not installed; where everything has to be tried it may not be missing. */
const isThere = (command: string) => Bun.which(command) !== null || process.env["CI"] !== undefined;

const names: readonly Language[] = [
  ...(isThere("curl") ? (["curl"] as const) : []),
  ...(isThere("python3") ? (["python"] as const) : []),
  "typescript",
];

async function runAs(
  language: Language,
  form: TestForm,
  files: Readonly<Record<string, string | Uint8Array>> = {},
) {
  using target = startTarget();
  using folder = startFolder(files);
  const text = languages[language](snippetCallOf(form, target.origin));
  const child = Bun.spawn(runners[language](text, folder.path), {
    cwd: folder.path,
    env: {
      PATH: process.env["PATH"],
      HOME: folder.path,
      TOLLGATE_KEY: "sk-1",
      X_API_KEY: "secret",
      AUTHORIZATION: "own",
    },
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  const [call] = target.seen;
  if (call === undefined) throw new Error(`nothing was sent:\n${text}\n${err}`);
  return { call, out, text };
}

const odd = `it's "quoted" $HOME \`id\` \\n \\ %s @file\n\ttab\n\u2028\u2029 ümlaut 日本 🚦 ${"${x}"} {x} </script> '''`;

test.each(names)("%s sends a body with every odd character as it is", async (language) => {
  const { call, out } = await runAs(language, postOf(odd, "text/plain"));

  expect(new TextDecoder().decode(call.body)).toBe(odd);
  expect(call.method).toBe("POST");
  expect(call.headers.get("content-type")).toBe("text/plain");
  expect(call.headers.get("authorization")).toBe("Bearer sk-1");
  expect(out).toBe("answer\n"); // though the status is 429
});

test.each(names)("%s sends odd paths and headers as they are", async (language) => {
  const form = formOf({
    path: "/a'b/[1]/{x}?q=a b&r=$(id)&s=%27",
    method: "DELETE",
    headers: [{ name: "x-odd", value: `it's "$HOME" \\ \`` }],
  });

  const { call } = await runAs(language, form);

  expect(call.method).toBe("DELETE");
  expect(call.target).toBe("/a'b/[1]/%7Bx%7D?q=a%20b&r=$(id)&s=%27");
  expect(call.headers.get("x-odd")).toBe(`it's "$HOME" \\ \``);
  expect(call.body).toHaveLength(0);
});

test.each(names)("%s takes secrets from the environment alone", async (language) => {
  const form = formOf({
    headers: [
      { name: "x-api-key", value: "typed-secret" },
      { name: "Authorization", value: "Bearer typed-too" },
    ],
    key: { kind: "text", key: "sk-typed" },
  });

  const { call, text } = await runAs(language, form);

  expect(text).not.toContain("typed");
  expect(call.headers.get("x-api-key")).toBe("secret");
  expect(call.headers.get("authorization")).toBe("Bearer own");
  expect(call.headers.get("x-litellm-api-key")).toBe("Bearer sk-1");
});

test.each(names)("%s without a key sends none", async (language) => {
  const { call, text } = await runAs(language, formOf({ key: { kind: "none" } }));

  expect(call.headers.has("authorization")).toBe(false);
  expect(call.method).toBe("GET");
  expect(text).not.toContain("TOLLGATE_KEY");
});

const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);

test.each(names)("%s sends a file by its name, byte for byte", async (language) => {
  const name = `it's a "file".bin`;
  const file = new File([bytes], name);
  const form = formOf({
    method: "PUT",
    headers: [{ name: "content-type", value: "image/png" }],
    body: { ...emptyBody, kind: "file", file },
  });

  const { call } = await runAs(language, form, { [name]: bytes });

  expect(call.body).toEqual(bytes);
  expect(call.headers.get("content-type")).toBe("image/png");
});

test.each(names)("%s sends a form with its fields and files", async (language) => {
  const file = new File([bytes], "a b.bin", { type: "audio/wav" });
  const parts: FormPart[] = [
    { name: "prompt", value: '@it\'s <a> "form"; type=x 日本', file: null, isFile: false },
    { name: "audio", value: "", file, isFile: true },
  ];
  const form = formOf({ method: "POST", body: { ...emptyBody, kind: "form", parts } });

  const { call } = await runAs(language, form, { "a b.bin": bytes });

  const type = call.headers.get("content-type") ?? "";
  const sent = await new Response(call.body, { headers: { "content-type": type } }).formData();
  expect(sent.get("prompt")).toBe('@it\'s <a> "form"; type=x 日本');
  const audio = sent.get("audio");
  if (!(audio instanceof File)) throw new Error("no file");
  expect(await audio.bytes()).toEqual(bytes);
  expect(Buffer.from(call.body).toString("latin1")).toMatch(/content-type: audio\/wav\r\n/i);
  expect(audio.name).toBe("a b.bin");
});

test.if(names.includes("curl"))(
  "curl leaves a body that no command line holds to a file",
  async () => {
    const { call, text } = await runAs("curl", postOf("nul\0", null), { body: "from the file" });

    expect(text).toStartWith("# Put the body into a file");
    expect(new TextDecoder().decode(call.body)).toBe("from the file");
    expect(call.headers.has("content-type")).toBe(false);
  },
);

test.each(names.filter((name) => name !== "curl"))(
  "%s holds what curl cannot",
  async (language) => {
    const { call } = await runAs(language, postOf("nul\0\x07\x85\u202e", "text/plain"));

    expect(new TextDecoder().decode(call.body)).toBe("nul\0\x07\x85\u202e");
  },
);

test.each(names)("%s of a HEAD request ends", async (language) => {
  const { call } = await runAs(language, formOf({ method: "HEAD" }));

  expect(call.method).toBe("HEAD");
});

test("code holds nothing that ends a line or turns the direction of reading", () => {
  const call = snippetCallOf(postOf("a\u2028b\u202ec\x85"), "http://h");

  for (const text of [pythonOf(call), typescriptOf(call)]) {
    expect(text).not.toMatch(/[\u2028\u2029\u202a-\u202e\x85]/);
    expect(text).toContain("\\u2028");
  }
});
