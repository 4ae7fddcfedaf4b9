import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { RULES } from '../../src/diagnose/rules/registry.ts';
import type { Rule } from '../../src/diagnose/rule.ts';
import { BOTTLENECKS, BOTTLENECK_TITLES } from '../../src/model/bottleneck.ts';

const page = new URL('../../docs/bottlenecks.md', import.meta.url);
const source = (file: string): string => readFileSync(new URL(`../../src/diagnose/${file}`, import.meta.url), 'utf8');

/** Every figure that judges somebody's server stands in the code with its reason: the page takes both from there. */
function figuresIn(text: string): readonly string[] {
  return [...text.matchAll(/\/\*\* ([^\n]*?) \*\/\n((?:(?:export )?const [A-Z_]+ = [^\n]+;\n)+)/g)].flatMap(([, reason = '', lines = '']) => {
    const constants = [...lines.matchAll(/const ([A-Z_]+) = ([^;]+?)(?: as const)?;/g)].map(([, name = '', value = '']) => `\`${name}\` ${value}`);
    return `| ${constants.join(', ')} | ${reason.replaceAll('|', '\\|')} |`;
  });
}

function tableOf(text: string): readonly string[] {
  const figures = figuresIn(text);
  return figures.length === 0 ? [] : ['', '| Figure | Why |', '|---|---|', ...figures];
}

function sectionOf({ id, about, remedy }: Rule): string {
  const lines = [
    ['Necessary', about.necessary], ['Sufficient', about.sufficient], ['Certain', about.certain], ['Law', about.law],
    ['Contradicted by', about.contradicted.length === 0 ? undefined : `${about.contradicted.join(' · ')}.`],
    ['Less sure without', about.unread === undefined ? undefined : `${about.unread.join(' · ')}.`], ['Remarks', about.remarks],
    ['Remedy', `${remedy} (where the plan names none).`],
  ] as const;
  return [`## ${BOTTLENECK_TITLES[id]} (\`${id}\`)`, '', ...lines.flatMap(([title, text]) => (text === undefined ? [] : [`- **${title}**: ${text}`])), ...tableOf(source(`rules/${id}.ts`))].join('\n');
}

const SHARED = ['score.ts', 'harm.ts', 'focus.ts', 'order.ts', 'window.ts', 'client-signs.ts', 'strangers.ts', ...readdirSync(new URL('../../src/diagnose/signs', import.meta.url)).sort().map((file) => `signs/${file}`)];

test('the page of bottlenecks is made from the rules', () => {
  const text = readFileSync(page, 'utf8');
  const sections = [...RULES.map(sectionOf), ['## Figures that several of them share', ...tableOf(SHARED.map(source).join('\n'))].join('\n')];
  const wanted = text.replace(/<!-- rules -->[\s\S]*<!-- end of rules -->/, () => `<!-- rules -->\n${sections.join('\n\n')}\n<!-- end of rules -->`);
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(page, wanted);
  else assert.equal(text, wanted, 'run the test once with UPDATE_DOCS=1');
});

test('every figure that judges gives its reason', () => {
  for (const file of [...RULES.map(({ id }) => `rules/${id}.ts`), ...SHARED]) {
    const all = [...source(file).matchAll(/^(?:export )?const [A-Z_]+ = [[\d]/gm)].length;
    const explained = figuresIn(source(file)).join().match(/`[A-Z_]+`/g)?.length ?? 0;
    assert.equal(explained, all, file);
  }
});

test('every bottleneck of the contract has its rule, in the same order', () => {
  assert.deepEqual(RULES.map(({ id }) => id), BOTTLENECKS);
});
