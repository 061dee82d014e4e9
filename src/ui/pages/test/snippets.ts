import type { SnippetCall } from "./snippet-call.ts";
import { curlOf } from "./snippet-curl.ts";
import { pythonOf } from "./snippet-python.ts";
import { typescriptOf } from "./snippet-typescript.ts";

/** A language that a call can be copied in. */
export interface SnippetLanguage {
  readonly id: string;
  readonly label: string;
  readonly write: (call: SnippetCall) => string;
}

/** To add a language: write its file, add its line. */
export const snippetLanguages: readonly SnippetLanguage[] = [
  { id: "curl", label: "curl", write: curlOf },
  { id: "python", label: "Python", write: pythonOf },
  { id: "typescript", label: "TypeScript", write: typescriptOf },
];
