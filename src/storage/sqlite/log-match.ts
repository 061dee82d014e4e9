/** More words than so many are not looked for. */
const maxTerms = 32;

/** Fewer letters begin so many words that to gather them takes seconds: they are a word of their own then. */
const shortestBeginning = 3;

const lettersOrDigits = /[\p{L}\p{N}\p{M}\p{Co}]/u;

/** Characters of languages that put nothing between words. */
const cjk = /[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]/g;

/** Each of these characters is a word by itself, and a word of theirs a phrase: in what is indexed, and in questions. */
export function spaced(text: string): string {
  return text.replace(cjk, " $& ");
}

/**
 * What a person asks for as an expression for FTS5: all words, phrases in double quotes, `begin*`. Each term is quoted,
 * so that nothing in it is syntax. Null where nothing in it can be looked for.
 */
export function matchExpression(text: string): string | null {
  const terms: string[] = [];
  for (const [, phrase, word] of text.replaceAll("\0", " ").matchAll(/"([^"]*)"?|([^\s"]+)/g)) {
    const isPrefix = word !== undefined && word.length > shortestBeginning && word.endsWith("*");
    const term = phrase ?? word ?? "";
    if (lettersOrDigits.test(term)) terms.push(`"${spaced(term)}"${isPrefix ? " *" : ""}`);
  }
  return terms.length === 0 ? null : terms.slice(0, maxTerms).join(" AND ");
}
