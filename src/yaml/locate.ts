import { isAlias, isCollection, isMap, isNode, isPair, isScalar, isSeq, visit } from 'yaml';
import type { Document, Pair, YAMLMap } from 'yaml';

/** Keys and indices from the root of a document to a value. */
export type Path = readonly PropertyKey[];

/** Offset of the value at `path`, or of the key that holds it; of what is missing, of the nearest thing around it. */
export function locate(document: Document, path: Path, what: 'key' | 'value'): number {
  let node: unknown = document.contents;
  let offset = start(node) ?? 0;
  for (const [depth, key] of path.entries()) {
    const inside = resolved(document, node);
    const last = depth === path.length - 1;
    if (isMap(inside)) {
      const pair = findPair(document, inside, String(key));
      if (pair === null) return offset;
      const keyAt = start(pair.key) ?? offset;
      const valueAt = start(pair.value) ?? keyAt;
      // A map or list below a key begins on the next line: what a reader looks for is the key.
      const wanted = last && what === 'value' && !isCollection(pair.value);
      offset = wanted ? valueAt : keyAt;
      node = pair.value;
    } else if (isSeq(inside)) {
      node = inside.items[Number(key)];
      if (node === undefined) return offset;
      offset = start(node) ?? offset;
    } else {
      return offset;
    }
  }
  return offset;
}

/** Offset of the first map used as a key: `{{ name }}` without quotes. */
export function findTemplateKey(document: Document): number | null {
  let found: number | null = null;
  visit(document, {
    Pair(_, pair) {
      if (!isCollection(pair.key)) return undefined;
      found = start(pair.key) ?? 0;
      return visit.BREAK;
    },
  });
  return found;
}

/** One `*name`, and whether the anchor it repeats is there; `itself`: it stands inside that anchor, which never ends. */
export interface AliasUse {
  readonly name: string;
  readonly offset: number;
  readonly target: 'known' | 'unknown' | 'itself';
}

export function aliasesOf(document: Document): readonly AliasUse[] {
  const found: AliasUse[] = [];
  // An alias repeats the nearest anchor of its name before it; one pass over the file keeps this linear.
  const anchors = new Map<string, unknown>();
  visit(document, {
    Node(_, node, ancestors) {
      if (!isAlias(node)) {
        if (node.anchor !== undefined) anchors.set(node.anchor, node);
        return;
      }
      const target = anchors.get(node.source);
      const use = target === undefined ? 'unknown' : ancestors.some((ancestor) => ancestor === target) ? 'itself' : 'known';
      found.push({ name: node.source, offset: start(node) ?? 0, target: use });
    },
  });
  return found;
}

function findPair(document: Document, map: YAMLMap, key: string): Pair | null {
  for (const item of map.items) {
    if (isPair(item) && String(isScalar(item.key) ? item.key.value : item.key) === key) return item;
  }
  for (const item of map.items) {
    if (!isPair(item) || !isScalar(item.key) || item.key.source !== '<<') continue;
    const merged = resolved(document, item.value);
    for (const source of isSeq(merged) ? merged.items : [merged]) {
      const target = resolved(document, source);
      const found = isMap(target) ? findPair(document, target, key) : null;
      if (found !== null) return found;
    }
  }
  return null;
}

function resolved(document: Document, node: unknown): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}

function start(node: unknown): number | null {
  return isNode(node) ? (node.range?.[0] ?? null) : null;
}
