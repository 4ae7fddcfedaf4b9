/** An element with its attributes and children; a text is a child of its own. */
export interface XmlNode {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly children: readonly (XmlNode | string)[];
}

export function element(tag: string, attributes: XmlNode['attributes'], children: XmlNode['children'] = []): XmlNode {
  return { tag, attributes, children };
}

/** A document with this root, one element a line. */
export function xmlDocument(root: XmlNode): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${sayNode(root, '')}\n`;
}

function sayNode({ tag, attributes, children }: XmlNode, indent: string): string {
  const open = `${indent}<${tag}${Object.entries(attributes).map(([name, value]) => ` ${name}="${escapeAttribute(String(value))}"`).join('')}`;
  const kept = children.filter((child) => child !== '');
  if (kept.length === 0) return `${open}/>`;
  // White space between elements means nothing, but within a text it would.
  if (kept.every((child) => typeof child === 'string')) return `${open}>${kept.map(escapeText).join('')}</${tag}>`;
  return `${open}>\n${kept.map((child) => (typeof child === 'string' ? escapeText(child) : sayNode(child, `${indent}  `))).join('\n')}\n${indent}</${tag}>`;
}

/** Line breaks in an attribute would be read as spaces unless they are spelt out; a name is one line anyway. */
function escapeAttribute(text: string): string {
  return escapeText(text).replaceAll('"', '&quot;').replace(/\s+/g, ' ').trim();
}

function escapeText(text: string): string {
  return text.replace(FORBIDDEN, '').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Characters that no XML 1.0 document may hold, not even as a reference; halves of a surrogate pair among them. */
// oxlint-disable-next-line no-control-regex -- that is what is looked for
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
