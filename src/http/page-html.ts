/** Which of the page's files its document names; all of them are in `/ui/assets`. */
export interface PageParts {
  readonly entry: string;
  readonly styles: readonly string[];
  /** What the entry imports, to be fetched along with it. */
  readonly preloads: readonly string[];
  readonly icon: string;
}

/** The page's document: nothing in it runs or is styled but what it names. `base`: the page's path, `/ui` mostly. */
export function pageHtml(parts: PageParts, base: string, rootPath: string): string {
  const at = (name: string) => escaped(`${base}/assets/${name}`);
  const links = [
    `<link rel="icon" type="image/svg+xml" href="${at(parts.icon)}">`,
    ...parts.styles.map((name) => `<link rel="stylesheet" href="${at(name)}">`),
    ...parts.preloads.map((name) => `<link rel="modulepreload" href="${at(name)}">`),
    `<script type="module" src="${at(parts.entry)}"></script>`,
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="root-path" content="${escaped(rootPath)}">
<title>Tollgate</title>
${links.join("\n")}
</head>
<body>
<div id="root"></div>
<noscript>This page needs JavaScript. The same can be done with the admin API and the command line.</noscript>
</body>
</html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
