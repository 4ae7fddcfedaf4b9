const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text that may stand anywhere in a page. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

/** A whole page; `body` is HTML already. */
export function layOut(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${escapeHtml(title)}</title>
<style>body{font-family:sans-serif;margin:2rem auto;max-width:45rem}li{margin:.3rem 0}</style>
</head>
<body>
<nav><a href="/">Home</a> · <a href="/objects?page=1">All objects</a></nav>
<h1>${escapeHtml(title)}</h1>
${body}
</body>
</html>
`;
}

/** A list of links. */
export function links(items: readonly { readonly path: string; readonly text: string; readonly more?: string }[]): string {
  return `<ul>\n${items.map(({ path, text, more }) => `<li><a href="${path}">${escapeHtml(text)}</a>${more === undefined ? '' : ` ${escapeHtml(more)}`}</li>`).join('\n')}\n</ul>`;
}
