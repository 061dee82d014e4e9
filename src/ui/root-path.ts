/** What stands before `/ui` in the page's own path, for a document that does not say it: empty, or as `/gateway`. */
export function rootPathOf(pathname: string): string {
  const [, root = ""] = /^(.*?)\/ui(?:\/|$)/.exec(pathname) ?? [];
  return root;
}
