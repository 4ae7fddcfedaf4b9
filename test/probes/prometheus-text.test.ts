import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { parsePrometheusText } from '../../src/probes/prometheus-text.ts';
import type { TextSample } from '../../src/probes/prometheus-text.ts';

function onlySample(text: string): TextSample {
  const { families, garbage } = parsePrometheusText(text);
  assert.deepEqual(garbage, []);
  const samples = [...families.values()].flatMap((family) => family.samples);
  assert.equal(samples.length, 1);
  return samples[0] as TextSample;
}

function recorded(name: string): string {
  return readFileSync(new URL(`data/qdrant-${name}.txt`, import.meta.url), 'utf8');
}

describe('the Prometheus text format', () => {
  it('reads escaped quotes, backslashes, line feeds, braces and commas in label values', () => {
    const { labels, value } = onlySample(String.raw`m{path="C:\\x",q="a \"b\" {c,d}",n="one\ntwo"} 1.5e3`);
    assert.deepEqual({ ...labels }, { path: 'C:\\x', q: 'a "b" {c,d}', n: 'one\ntwo' });
    assert.equal(value, 1500);
  });

  it('reads NaN and infinities, timestamps, trailing commas and blanks', () => {
    assert.ok(Number.isNaN(onlySample('m NaN').value));
    assert.equal(onlySample('m +Inf').value, Infinity);
    assert.equal(onlySample('m -Inf').value, -Infinity);
    assert.equal(onlySample('m { a = "b" , }  -0.5   1700000000123').timestampMs, 1_700_000_000_123);
  });

  it('ignores the exemplar of an OpenMetrics line and reads its timestamps as seconds', () => {
    const { value, timestampMs } = onlySample('m_total{a="b"} 3 12.5 # {trace_id="x"} 0.5 12.1\n# EOF\n');
    assert.deepEqual([value, timestampMs], [3, 12_500]);
  });

  it('reads a UTF-8 name that stands inside the braces', () => {
    const sample = onlySample('{"db.client.connections", "pool.name"="a b"} 4');
    assert.equal(sample.name, 'db.client.connections');
    assert.deepEqual({ ...sample.labels }, { 'pool.name': 'a b' });
  });

  it('keeps buckets, sum and count of a histogram together, and a lookalike name apart', () => {
    const { families } = parsePrometheusText(
      '# TYPE h histogram\nh_bucket{le="1"} 2\nh_bucket{le="+Inf"} 3\nh_sum 4\nh_count 3\n# TYPE g gauge\ng 1\ng_count 5\n',
    );
    assert.equal(families.get('h')?.samples.length, 4);
    assert.equal(families.get('g')?.samples.length, 1);
    assert.equal(families.get('g_count')?.type, 'untyped');
  });

  it('knows a counter of OpenMetrics by its `_total` line', () => {
    const { families } = parsePrometheusText('# TYPE c counter\n# HELP c jobs \\\\ done\nc_total 7\nc_created 1.7e9\n# EOF');
    assert.deepEqual([families.get('c')?.type, families.get('c')?.help, families.get('c')?.samples.length], ['counter', 'jobs \\ done', 2]);
  });

  it('reports every garbage line with its number and its reason, and reads the lines around it', () => {
    const lines = ['ok 1', '<html>', 'm{a="b} 2', 'm{a=b} 2', 'm twelve', 'm 1 2 3', 'ok 2', '# TYPE t circle', 'm{a} 1', 'lonely', 'fine 3'];
    const { families, garbage } = parsePrometheusText(lines.join('\n'));
    assert.deepEqual(garbage.map(({ line }) => line), [2, 3, 4, 5, 6, 7, 8, 9, 10]);
    assert.match(garbage[5]?.reason ?? '', /already/);
    assert.ok(garbage.every(({ reason }) => reason.length > 5));
    assert.equal(families.get('ok')?.samples[0]?.value, 1);
    assert.equal(families.get('fine')?.samples[0]?.value, 3);
  });

  it('cannot be tricked into the prototype by a label', () => {
    assert.equal(onlySample('m{__proto__="x"} 1').labels['__proto__'], 'x');
    assert.equal(({} as Record<string, unknown>)['x'], undefined);
  });

  for (const name of ['0-idle', '1-before-healthy', '6-after-slow', '7-after-query', '8-per-collection', '9-after-errors', 'composed-all-families']) {
    it(`reads every line that Qdrant wrote (${name})`, () => {
      const text = recorded(name);
      const { families, garbage } = parsePrometheusText(text);
      const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
      assert.deepEqual(garbage, []);
      assert.equal([...families.values()].reduce((sum, { samples }) => sum + samples.length, 0), lines);
      assert.ok([...families.values()].every(({ type, help }) => type !== 'untyped' && help !== null));
    });
  }

  it('reads back whatever was printed', () => {
    const random = randomFrom(20260727);
    for (let round = 0; round < 300; round += 1) {
      const written = Array.from({ length: 1 + pick(random, 6) }, (_, index) => randomSample(random, index));
      const { families, garbage } = parsePrometheusText(written.map(print).join('\n'));
      assert.deepEqual(garbage, []);
      const read = [...families.values()].flatMap(({ samples }) => samples).toSorted((a, b) => (a.name < b.name ? -1 : 1));
      assert.deepEqual(read.map((sample) => ({ ...sample, labels: { ...sample.labels } })), written);
    }
  });

  it('survives any bytes: each line is a sample, a comment or reported garbage', () => {
    const random = randomFrom(7);
    const alphabet = 'ab_{}="\\,#  1.e+-\n\tNaIf';
    for (let round = 0; round < 500; round += 1) {
      const text = Array.from({ length: pick(random, 60) }, () => alphabet[pick(random, alphabet.length)]).join('');
      const { families, garbage } = parsePrometheusText(text);
      const samples = [...families.values()].reduce((sum, family) => sum + family.samples.length, 0);
      const expected = text.split('\n').filter((line) => line.trim() !== '' && !line.trim().startsWith('#')).length;
      const garbageSamples = garbage.filter((line) => !line.text.trim().startsWith('#')).length;
      assert.equal(samples + garbageSamples, expected, JSON.stringify(text));
    }
  });
});

function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function pick(random: () => number, size: number): number {
  return Math.floor(random() * size);
}

function randomSample(random: () => number, index: number): TextSample {
  const alphabet = ['a', 'Ü', '"', '\\', '\n', '{', '}', ',', '=', ' ', '#', '日'];
  const labels = Object.fromEntries(Array.from({ length: pick(random, 4) }, (_, at) =>
    [`l${at}`, Array.from({ length: pick(random, 8) }, () => alphabet[pick(random, alphabet.length)]).join('')]));
  const values = [0, -1, 1e300, 5e-324, Number.NaN, Infinity, -Infinity, random() * 1e6];
  return { name: `m${index}`, labels, value: values[pick(random, values.length)] ?? 0, timestampMs: random() < 0.3 ? pick(random, 2e9) : null };
}

function print({ name, labels, value, timestampMs }: TextSample): string {
  const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
  const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escaped(text)}"`);
  const number = Number.isNaN(value) ? 'NaN' : value === Infinity ? '+Inf' : value === -Infinity ? '-Inf' : String(value);
  return `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${number}${timestampMs === null ? '' : ` ${timestampMs}`}`;
}
