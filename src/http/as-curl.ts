import type { LoggedBodies, LoggedBody } from "../core/body-log.ts";
import { credentialHeaders, hopByHop } from "../core/headers.ts";

/** Stands for every secret, and is the caller's to set. */
const key = "$TOLLGATE_KEY";

/** An argument that is longer does not fit a command line everywhere (Linux takes 128 KiB). */
const longestArgument = 100_000;

/**
 * A curl command that repeats a call through this gateway, for a POSIX shell. Everything that the client chose stands in
 * single quotes; secrets are `$TOLLGATE_KEY`, and `$TOLLGATE_URL` is asked instead of `origin` where it is set. A body
 * that a command line cannot hold is left to a file named `body`.
 */
export function asCurl(
  { method, url, requestHeaders, request }: LoggedBodies,
  origin: string,
): string {
  const body = method === "HEAD" ? noBody : bodyOf(request); // curl's --head takes none
  const headers = headersOf(requestHeaders, body);
  const lines = [
    `curl ${methodOf(method, body.argument !== null)}--globoff --path-as-is "\${TOLLGATE_URL:-${safeOrigin(origin)}}"${quoted(url)}`,
    ...headers.arguments,
    ...(body.argument === null ? [] : [body.argument]),
  ];
  return `${body.comment}${commentOf(headers.leftOut)}${lines.join(" \\\n  ")}\n`;
}

function commentOf(leftOut: readonly string[]): string {
  if (leftOut.length === 0) return "";
  return `# Left out, since their values are not kept: ${leftOut.join(", ")}.\n`;
}

/** It stands between double quotes. */
function safeOrigin(origin: string): string {
  return /^https?:\/\/[\w.:[\]-]+$/.test(origin) ? origin : "http://localhost:4000";
}

/** curl waits for the body of a reply to HEAD that was asked for with `-X`. */
function methodOf(method: string, hasBody: boolean): string {
  if (method === "HEAD") return "--head ";
  return method === (hasBody ? "POST" : "GET") ? "" : `-X ${quoted(method)} `;
}

/** What curl makes itself, or would make a reply unreadable. */
const ownHeaders: ReadonlySet<string> = new Set([
  ...hopByHop,
  "host",
  "content-length",
  "accept-encoding",
  "expect",
]);

/** Those of browsers and proxies in between. */
const neverSent = /^(?:cookie|sec-.*|x-forwarded-.*|x-real-ip|forwarded|via)$/;

/** What the log has instead of a value that is not kept, in a header or in a URL. */
const redacted = "[redacted]";

const token = /^[\w!#$%&'*+.^`|~-]+$/;

interface HeaderArguments {
  readonly arguments: readonly string[];
  /** Names of those whose values are not known. */
  readonly leftOut: readonly string[];
}

function headersOf(
  headers: LoggedBodies["requestHeaders"],
  { argument, isDecoded }: BodyArgument,
): HeaderArguments {
  const names = Object.keys(headers).filter(
    (name) =>
      token.test(name) &&
      !ownHeaders.has(name) &&
      !neverSent.test(name) &&
      !(isDecoded && name === "content-encoding"),
  );
  const isKey = (name: string) =>
    credentialHeaders.has(name) || (headers[name] === redacted && /auth|key|token/.test(name));
  const isKnown = (name: string) => isKey(name) || headers[name] !== redacted;
  const lines = names.filter(isKnown).map((name) => {
    if (name === "authorization") return authorization;
    if (isKey(name)) return `-H ${quoted(`${name}: `)}"${key}"`;
    const value = (headers[name] ?? "").replace(controls, " ");
    return `-H ${quoted(value === "" ? `${name};` : `${name}: ${value}`)}`;
  });
  if (!names.some(isKey)) lines.push(authorization);
  if (argument !== null && !names.includes("content-type")) lines.push("-H 'content-type:'"); // else curl names one
  return { arguments: lines, leftOut: names.filter((name) => !isKnown(name)) };
}

const authorization = `-H "authorization: Bearer ${key}"`;

// oxlint-disable-next-line no-control-regex
const controls = /[\0-\x1f\x7f-\x9f]/g;

/** What a terminal would obey when it is pasted, or a shell cannot take. */
// oxlint-disable-next-line no-control-regex
const unprintable = /[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/;

interface BodyArgument {
  readonly argument: string | null;
  readonly comment: string;
  /** It is the text, whatever coding it came in. */
  readonly isDecoded: boolean;
}

const noBody: BodyArgument = { argument: null, comment: "", isDecoded: false };

function bodyOf({ text, bytes, isCut }: LoggedBody): BodyArgument {
  if (bytes === 0) return noBody;
  if (isCut) return inFile(`Only a part of the ${bytes} bytes of the request was kept`);
  if (text === null) return inFile("The request is not text");
  if (text.length > longestArgument) return inFile("The request is too long for a command line");
  if (unprintable.test(text)) return inFile("The request holds control characters");
  // Not --data: "@name" would be a file's name.
  return { argument: `--data-raw ${quoted(text)}`, comment: "", isDecoded: true };
}

function inFile(reason: string): BodyArgument {
  return {
    argument: "--data-binary @body",
    comment: `# ${reason}: put what is to be sent into a file named body.\n`,
    isDecoded: false,
  };
}

/** The form of keys of this gateway, and what the log has where a secret was. */
const secret =
  /(?<![\w~+-])sk-[\w.~+=-]{13,253}|\b(?:sk-|AIza|AKIA|ghp_|github_pat_|xoxb-|eyJ)\*{6,}|\[redacted\]/g;

/** As one argument of a POSIX shell; secrets are left to the shell's variable. */
function quoted(text: string): string {
  const parts = text.split(secret).map((part) => `'${part.replaceAll("'", "'\\''")}'`);
  return parts.join(`"${key}"`);
}
