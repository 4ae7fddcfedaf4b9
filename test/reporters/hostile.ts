import type { Plan } from '../../src/model/plan.ts';
import type { Run } from '../../src/model/run.ts';

/** Texts a plan, a scenario or a server may hold, each dangerous somewhere: HTML, a script element, a spreadsheet, a terminal. */
export const HOSTILE = {
  script: '</script><script>globalThis.hacked = true</script>',
  image: '<img src=x onerror="globalThis.hacked = true">',
  formula: '=cmd|\' /C calc\'!A0',
  negative: '-2+3',
  quoted: 'a "quoted", name; with\nnew line',
  escape: '\u001b[2J\u001b]0;owned\u0007\u001b[31mred\u009b2J',
  direction: '\u202egnitirw',
} as const;

/** Every name in the run replaced by a hostile one. */
export function hostileRun(run: Run): Run {
  const names = new Map([['dashboard', HOSTILE.script], ['content-browsing', HOSTILE.formula], ['content-generation', HOSTILE.quoted], ['social-publish', HOSTILE.escape]]);
  const steps = new Map([['dashboard', HOSTILE.image], ['finance-summary', HOSTILE.negative], ['read-content', '@SUM(A1)'], ['list-contents', '\tTab']]);
  const journey = (name: string): string => names.get(name) ?? name;
  const step = (name: string): string => steps.get(name) ?? name;
  return {
    ...run,
    target: { url: `http://127.0.0.1:1/${HOSTILE.image}`, demo: null, servers: [HOSTILE.escape] },
    steps: run.steps.map((one) => ({
      ...one,
      scenario: HOSTILE.formula,
      endpoint: one.endpoint && { journey: journey(one.endpoint.journey), step: step(one.endpoint.step) },
      intervals: one.intervals.map((interval) => ({ ...interval, rows: interval.rows.map((row) => ({ ...row, journey: journey(row.journey), step: step(row.step) })) })),
    })),
    samples: run.samples.map((sample) => (sample.instance === undefined ? sample : { ...sample, instance: HOSTILE.formula })),
    probes: [{ kind: 'redis', status: 'refused', reason: `ERR ${HOSTILE.escape}${HOSTILE.script}`, hint: HOSTILE.image }],
    assumptions: [HOSTILE.script, HOSTILE.formula, HOSTILE.escape],
    environment: { [HOSTILE.image]: HOSTILE.script, direction: HOSTILE.direction },
  };
}

export function hostilePlan(plan: Plan): Plan {
  return {
    ...plan,
    id: 'ventures',
    title: HOSTILE.script,
    phases: plan.phases.map((phase) => ({ ...phase, name: `${HOSTILE.image}${HOSTILE.escape}` })),
    slo: plan.slo.map((condition) => ({ ...condition, source: { document: HOSTILE.formula, section: `${HOSTILE.script}${HOSTILE.escape}`, line: 1 } })),
    milestones: plan.milestones.map((milestone) => ({ ...milestone, title: HOSTILE.image, remedy: `${HOSTILE.script}${HOSTILE.escape}` })),
  };
}
