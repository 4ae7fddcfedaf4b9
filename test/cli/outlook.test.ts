import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Chalk } from 'chalk';
import { assess } from '../../src/cli/assess.ts';
import type { Report } from '../../src/model/report.ts';
import type { Run } from '../../src/model/run.ts';
import { findPhase } from '../../src/plan/resolve.ts';
import { loadPlan } from '../../src/plan/load.ts';
import { html } from '../../src/reporters/html/page.ts';
import { json } from '../../src/reporters/json.ts';
import { terminal } from '../../src/reporters/terminal.ts';
import { lightRun } from '../capacity/light-run.ts';

const plan = await loadPlan('ventures', { cwd: '/' });

function reportOf(more: Partial<Run> = {}): Report {
  const run: Run = { ...lightRun(), plan: { id: 'ventures', phase: '2', file: 'ventures.yaml' }, configuration: { ratePerSec: 16 }, ...more };
  return assess(run, plan, findPhase(plan, '2'), { folder: 'reports/r', toolVersion: '0' });
}

async function texts(report: Report): Promise<{ readonly screen: string; readonly page: string; readonly outlook: Report['outlook'] }> {
  return {
    screen: terminal.render(report, { chalk: new Chalk({ level: 0 }), columns: 100 }), page: await html.render(report),
    outlook: (JSON.parse(json.render(report)) as { outlook: Report['outlook'] }).outlook,
  };
}

describe('a test that stayed below the edge', () => {
  it('says in every report at how many users which milestone comes, with its interval and the plan’s own figure', async () => {
    const { screen, page, outlook } = await texts(reportOf());
    assert.match(screen.replaceAll(/\s+/g, ' '), /Next: database connections at about [34],\d{3} users \(3,\d{3}–4,\d{3}\).{0,80}; the plan says 500/);
    assert.match(page, /The system carries about <strong>[34],\d{3} \(3,\d{3}–4,\d{3}\) users<\/strong>[^]*by the operational laws/);
    assert.match(page, /predicted from this load; the plan says 500/);
    const [next] = outlook.next;
    assert.ok(outlook.capacity !== null && next?.basis === 'predicted' && next.planUsers === 500 && next.milestone === 'db-connections');
    assert.deepEqual(next.users, outlook.capacity.users);
    assert.ok(outlook.next.slice(1).every(({ basis }) => basis === 'plan'), 'behind it the plan’s own');
  });

  it('says why it cannot know where nothing was read, and guesses nothing', async () => {
    const { screen, page, outlook } = await texts(reportOf({ samples: [] }));
    assert.equal(outlook.capacity, null);
    assert.match(outlook.unknown ?? '', /no probe read how busy/);
    assert.match(screen, /Capacity: not predicted: no probe read/);
    assert.match(page, /is not predicted: no probe read/);
    assert.ok(outlook.next.every(({ basis }) => basis === 'plan'));
  });

  it('predicts nothing where users were harmed, nor from a run that was interrupted', () => {
    const harmed = reportOf({ configuration: { ratePerSec: 60 } });
    assert.ok(harmed.diagnosis.harm.length > 0 && harmed.outlook.capacity === null);
    assert.equal(reportOf({ interrupted: 'SIGINT' }).outlook.capacity, null);
  });
});
