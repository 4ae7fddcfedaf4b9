import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Chalk } from 'chalk';
import { html } from '../../src/reporters/html/page.ts';
import { toContract } from '../../src/reporters/json.ts';
import { widthOf } from '../../src/reporters/layout.ts';
import { sayGoal } from '../../src/reporters/stress.ts';
import { terminal } from '../../src/reporters/terminal.ts';
import { stressReport, TRUE_EDGE } from './stress-report.ts';

const report = stressReport();
const text = (columns: number): string => terminal.render(report, { chalk: new Chalk({ level: 0 }), columns });
const page = await html.render(report);
const section = page.slice(page.indexOf('<h2>Breaking point'), page.indexOf('<table', page.indexOf('<h2>Breaking point')));

test('the terminal says the edge, the users it stands for, the milestone it is and where the plan expects it', () => {
  const said = text(400).replaceAll(/\s+/g, ' ');
  assert.match(said, /It breaks at about 6\d(\.\d)? requests\/s \(58–[67]\d(\.\d)?\); every threshold is proven to hold at 58\./);
  assert.match(said, /That is about 3,\d\d\d users of the plan \(3,480–[34],\d\d\d\) before it degrades: the milestone database connections, which the plan expects at 500/);
  assert.match(said, /Behind it, by the operational laws: the event loop at about 170\/s \(140–205\), which is 10,200 users, the milestone Node\.js CPU; it was 31 % busy at 62\/s/);
});

test('each threshold has its own edge, or the load that it held', () => {
  const said = text(400);
  assert.match(said, /http\.p95\{journey=dashboard\} < 500 ms: breaks at about 6\d/);
  assert.match(said, /http\.p95\{journey=social-publish\} < 2 s: held up to 66\.8\/s, the most that was tried/);
});

test('a threshold that could not be told at the highest load is not said to have held at the most that was tried', () => {
  const { stress } = report;
  assert.ok(stress !== undefined);
  assert.match(sayGoal({ goal: 'x', low: 15.8, mid: null, high: null }, { ...stress, stages: stress.stages.map((one, at) => ({ ...one, load: at === 0 ? 16.7 : 15.8 })) }), /^x: held up to 15\.8\/s, the most at which it could be told$/);
});

test('the way back, what is stuck, the writes, every stage and the law are there', () => {
  const said = text(400).replaceAll(/ +/g, ' ');
  assert.match(said, /Recovery: from 93\/s back to 33\.3\/s: every threshold held again after 4 s; 4 requests still wait for a database connection/);
  assert.equal(said.match(/ (climb|search|confirm) +11 s/g)?.length, 9);
  assert.match(said, /Writes: 239 of 240 writes made under overload were acknowledged; 0 of them are missing[\s\S]*prove more\s+than 98\.7 %/);
  assert.match(said, /Model: scalability law α = /);
});

test('no line is wider than the terminal', () => {
  for (const columns of [60, 80, 120]) for (const line of text(columns).split('\n')) if (!line.startsWith('Report: ')) assert.ok(widthOf(line) <= columns, line);
});

test('the page draws load against throughput and latency, with the law, its bounds, the edge and the milestones on the same axis', () => {
  const charts = section.match(/<svg[\s\S]*?<\/svg>/g) ?? [];
  assert.equal(charts.length, 2);
  for (const chart of charts) {
    assert.match(chart, /<path class="law" d="M[^"]{200,}"/, 'the fitted curve');
    assert.match(chart, /<path class="band" d="M[^"]{400,}Z"/, 'its bounds');
    assert.match(chart, /edge 6\d(\.\d)? \(58–[67]\d(\.\d)?\)/);
    for (const name of ['db-connections', 'qdrant', 'cache']) assert.match(chart, new RegExp(`>${name}</text>`));
    assert.match(chart, /requests per second asked for \(users of the plan\)/);
  }
  assert.equal(charts[0]?.match(/<circle/g)?.length, 9);
  assert.equal(charts[1]?.match(/<circle/g)?.length, 18, 'p95 and mean');
});

test('a milestone stands where its users are: 2,000 users of a request a minute at 33.3/s', () => {
  const [chart = ''] = section.match(/<svg[\s\S]*?<\/svg>/g) ?? [];
  const x = (pattern: RegExp): number => Number(pattern.exec(chart)?.[1]);
  const [edge, qdrant, db] = [x(/class="mark" x1="([\d.]+)"/), x(/2,000 users<\/title><line x1="([\d.]+)"/), x(/: 500 users<\/title><line x1="([\d.]+)"/)];
  // Both distances are of one axis: from 8.33/s to 33.3/s, and from there to the edge.
  assert.ok(Math.abs((edge - qdrant) / (qdrant - db) - (TRUE_EDGE - 33.3) / 25) < 0.06, `${db} ${qdrant} ${edge}`);
});

test('the page escapes what stages told', () => {
  assert.ok(page.includes('p95 &lt;b&gt;') && !page.includes('p95 <b>'));
});

test('JSON holds all of it as it is documented', () => {
  const { stress } = toContract(report) as unknown as { stress: Record<string, unknown> };
  for (const key of ['by', 'end', 'summary', 'confirmedLoad', 'edge', 'mostMade', 'goals', 'stages', 'model', 'recovery', 'behind', 'notes']) assert.ok(key in stress, key);
});
