import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { RULES } from '../../src/diagnose/rules/registry.ts';
import { BOTTLENECK_TITLES } from '../../src/model/bottleneck.ts';

const page = new URL('../../docs/bottlenecks.md', import.meta.url);

/** Every figure that judges somebody's server stands in its rule with its reason: the page takes both from there. */
function figuresIn(source: string): readonly string[] {
  return [...source.matchAll(/\/\*\* ([^\n]*?) \*\/\n((?:const [A-Z_]+ = [^\n]+;\n)+)/g)].flatMap(([, reason = '', lines = '']) => {
    const constants = [...lines.matchAll(/const ([A-Z_]+) = ([^;]+);/g)].map(([, name = '', value = '']) => `\`${name}\` ${value}`);
    return `| ${constants.join(', ')} | ${reason.replaceAll('|', '\\|')} |`;
  });
}

function sectionOf(id: (typeof RULES)[number]['id']): string {
  const rule = RULES.find((one) => one.id === id);
  const source = readFileSync(new URL(`../../src/diagnose/rules/${id}.ts`, import.meta.url), 'utf8');
  return [
    `## ${BOTTLENECK_TITLES[id]} (\`${id}\`)`, '', rule?.about.replace(/ (Sufficient|Contradicted|Law)/g, '\n$1') ?? '', '', `**Remedy**, where the plan names none: ${rule?.remedy ?? ''}.`, '',
    '| Figure | Why |', '|---|---|', ...figuresIn(source),
  ].join('\n');
}

test('the page of bottlenecks is made from the rules', () => {
  const text = readFileSync(page, 'utf8');
  const wanted = text.replace(/<!-- rules -->[\s\S]*<!-- end of rules -->/, () => `<!-- rules -->\n${RULES.map(({ id }) => sectionOf(id)).join('\n\n')}\n<!-- end of rules -->`);
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(page, wanted);
  else assert.equal(text, wanted, 'run the test once with UPDATE_DOCS=1');
});

test('every figure of a rule gives its reason', () => {
  for (const { id } of RULES) {
    const source = readFileSync(new URL(`../../src/diagnose/rules/${id}.ts`, import.meta.url), 'utf8');
    const all = [...source.matchAll(/^const [A-Z_]+ = [\d._]/gm)].length;
    const explained = figuresIn(source).join().match(/`[A-Z_]+`/g)?.length ?? 0;
    assert.equal(explained, all, id);
  }
});
