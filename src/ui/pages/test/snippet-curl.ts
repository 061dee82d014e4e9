import { shellWord } from "../../shell-word.ts";
import type { SnippetBody, SnippetCall, SnippetPart, SnippetValue } from "./snippet-call.ts";

/** An argument that is longer does not fit a command line everywhere (Linux takes 128 KiB). */
const longestArgument = 100_000;

/** What a terminal would obey when it is pasted, or a shell cannot take. */
// oxlint-disable-next-line no-control-regex
const unprintable = /[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/;

/** The call as a curl command for a POSIX shell. */
export function curlOf({ method, url, headers, body }: SnippetCall): string {
  const { comment, words } = bodyWords(body);
  const hasType = headers.some(([name]) => name.toLowerCase() === "content-type");
  const isUntyped = !hasType && (body.kind === "text" || body.kind === "file");
  const lines = [
    `curl ${methodWords(method, body)}--no-buffer --globoff --path-as-is ${shellWord(url)}`,
    ...headers.map(([name, value]) => `-H ${headerWord(name, value)}`),
    ...(isUntyped ? ["-H 'content-type:'"] : []), // else curl names one
    ...words,
  ];
  return comment + lines.join(" \\\n  ");
}

/** curl waits for the body of a reply to HEAD that was asked for with `-X`. */
function methodWords(method: string, { kind }: SnippetBody): string {
  if (method === "HEAD") return "--head ";
  return method === (kind === "none" ? "GET" : "POST") ? "" : `-X ${method} `;
}

function headerWord(name: string, value: SnippetValue): string {
  if (value.kind === "variable") return `${shellWord(`${name}: ${value.before}`)}"$${value.name}"`;
  return shellWord(value.text === "" ? `${name};` : `${name}: ${value.text}`);
}

interface BodyWords {
  readonly comment: string;
  readonly words: readonly string[];
}

function bodyWords(body: SnippetBody): BodyWords {
  if (body.kind === "none") return { comment: "", words: [] };
  if (body.kind === "form") return { comment: "", words: body.parts.map(partWords) };
  if (body.kind === "file") {
    return { comment: "", words: [`--data-binary ${shellWord(`@${body.name}`)}`] };
  }
  if (body.text.length <= longestArgument && !unprintable.test(body.text)) {
    return { comment: "", words: [`--data-raw ${shellWord(body.text)}`] }; // not --data: "@name" would be a file's name
  }
  return {
    comment: "# Put the body into a file named body: a command line cannot hold it.\n",
    words: ["--data-binary '@body'"],
  };
}

function partWords(part: SnippetPart): string {
  if (part.kind === "value") return `--form-string ${shellWord(`${part.name}=${part.value}`)}`;
  const quoted = part.file.replaceAll("\\", "\\\\").replaceAll('"', '\\"');
  return `-F ${shellWord(`${part.name}=@"${quoted}";type=${part.type}`)}`;
}
