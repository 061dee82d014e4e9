/** One word for a POSIX shell. NUL, which no argument can hold, is left out. */
export function shellWord(text: string): string {
  return `'${text.replaceAll("\0", "").replaceAll("'", "'\\''")}'`;
}
