/** Text for HTML: whatever a plan, a server or a URL says stays text. */
export function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');
}

/** A sentence for HTML, in which no figure is parted from its unit or its sign at the end of a line. */
export function prose(text: string): string {
  return escape(text.replace(/(\d) (?=(?:ms|min|s|x|h|[kMG]?B)\b|%)/g, '$1\u00a0').replace(/([<>]=?) (?=[\d$])/g, '$1\u00a0'));
}

/** JSON inside a script element must not be able to end it. */
export function jsonForScript(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}
