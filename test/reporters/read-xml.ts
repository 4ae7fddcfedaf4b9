import assert from 'node:assert/strict';

export interface XmlElement {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

/** A strict reader of what a report may hold: elements, attributes, text, the five entities. Anything else, or a tag left open, fails the test. */
export function readXml(document: string): XmlElement {
  const body = document.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '');
  assert.notEqual(body, document, 'begins with the declaration');
  // oxlint-disable-next-line no-control-regex -- that is what must not be there
  assert.doesNotMatch(body, /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/, 'characters no XML may hold');
  const root: MutableElement = { tag: '', attributes: {}, children: [], text: '' };
  const open: MutableElement[] = [root];
  for (const [, text = '', closing, tag = '', attributes = '', empty] of body.matchAll(/([^<]*)(?:<(\/?)([\w-]+)((?:\s+[\w-]+="[^"<]*")*)\s*(\/?)>|$)/g)) {
    const current = open.at(-1) ?? assert.fail('text behind the root');
    current.text += decode(text);
    if (tag === '') continue;
    if (closing === '/') {
      assert.equal(open.pop()?.tag, tag, 'tags are closed in their order');
      continue;
    }
    const element: MutableElement = { tag, attributes: readAttributes(attributes), children: [], text: '' };
    current.children.push(element);
    if (empty !== '/') open.push(element);
  }
  assert.deepEqual(open, [root], 'every tag is closed');
  assert.equal(root.text.trim(), '');
  const [only, ...others] = root.children;
  assert.ok(only && others.length === 0, 'one root');
  return only;
}

interface MutableElement {
  tag: string;
  attributes: Record<string, string>;
  children: MutableElement[];
  text: string;
}

function readAttributes(text: string): Record<string, string> {
  const pairs = [...text.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, decode(value)] as const);
  assert.equal(new Set(pairs.map(([name]) => name)).size, pairs.length, 'no attribute twice');
  return Object.fromEntries(pairs);
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

function decode(text: string): string {
  assert.doesNotMatch(text.replaceAll(/&(?:lt|gt|quot|apos|amp);/g, ''), /[&<]/, 'every & is an entity');
  return text.replaceAll(/&(\w+);/g, (_, name: string) => ENTITIES[name] ?? '');
}
