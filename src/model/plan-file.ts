import { z } from 'zod';

import { readAddress } from './address.ts';
import { APPLICATIONS } from './application.ts';
import { BOTTLENECKS } from './bottleneck.ts';
import type { Unit } from './condition.ts';
import { LOAD_SPEC_EXAMPLES, readLoadSpec } from './load-spec.ts';
import { readQuantity } from './quantity.ts';

/*
 * The shape of a plan file. `@41` at the end of a text or figure is its line in the document; `at: 41` in a map holds for
 * everything in it that names no line of its own. Conditions are plain texts here: their grammar is checked by the loader,
 * which knows the column inside the text.
 */

const text = z.string({ error: 'expected a text' }).trim().min(1).refine((value) => !/(?:^|\s)@\d/.test(readAddress(value).text), {
  error: 'an address such as @41 stands at the end of the text, several lines as @41,45',
});
const id = z.string({ error: 'expected an id' }).regex(/^[a-z0-9][a-z0-9.-]*$/, 'expected an id of small letters, digits, dots and dashes');
const at = z.union([z.int().positive(), z.string().regex(/^\d+(-\d+)?(,\s?\d+(-\d+)?)*$/, 'expected lines such as 41, "239,242" or 311-315')]).optional();

/** A figure or range of figures, with its unit, as documents write them. */
function figure(unit: Unit | 'week', example: string) {
  return z.union([z.number(), z.string()]).refine((value) => isQuantity(value, unit), { error: `expected ${example}` });
}

function isQuantity(value: number | string, unit: Unit | 'week'): boolean {
  const quantity = readQuantity(readAddress(String(value)).text);
  if (quantity === null || quantity.unit !== unit) return false;
  return unit !== '%' || (quantity.max ?? quantity.min) <= 100;
}

const users = figure('1', 'a number of users such as 500, 500-2,000 or 10,000+');
const one = (value: number | string): boolean => {
  const quantity = readQuantity(readAddress(String(value)).text);
  return quantity !== null && quantity.min === quantity.max;
};
const oneNumber = users.refine(one, { error: 'expected one number, not a range' });
const usdPerMonth = figure('USD', 'an amount such as $200-500/month');
const share = figure('%', 'a percentage such as 30 %');
const duration = figure('ms', 'a duration such as 30 min');

const conditionFields = {
  condition: text,
  at,
  level: z.enum(['fail', 'warn']).optional(),
  required: z.boolean().optional(),
  reason: text.optional(),
  assumes: z.array(id).optional(),
};
const reasoned = (entry: { required?: boolean | undefined; reason?: string | undefined }): boolean => entry.required !== false || entry.reason !== undefined;
const WHY = { error: 'with required: false a reason is expected', path: ['reason'] };

const condition = z.union([text, z.strictObject(conditionFields).refine(reasoned, WHY)]);
const trigger = z.strictObject({ ...conditionFields, action: text, timeline: text.optional() }).refine(reasoned, WHY);
const alert = z.strictObject({ ...conditionFields, severity: text }).refine(reasoned, WHY);
const conditions = z.array(condition).optional();

const plain = z.union([z.number(), text]);
/** Named figures and texts, in groups as deep as the document has them. */
type Facts = { [name: string]: string | number | Facts };
const facts: z.ZodType<Facts> = z.lazy(() => z.record(z.string(), z.union([plain, facts])));

const note = z.union([text, z.strictObject({ text, at, figures: facts.optional() })]);
const notes = z.array(note).optional();

const load = z.strictObject({
  at,
  requestsPerUserPerMinute: figure('1', 'a number such as 1 or 0.5-1').optional(),
  requests: figure('/s', 'a rate such as 50-100 requests/min').optional(),
  users: oneNumber.optional(),
  dailyActiveShare: share.optional(),
  peakConcurrentShare: share.optional(),
  readShare: share.optional(),
  assumes: z.array(id).optional(),
}).refine((value) => value.requestsPerUserPerMinute !== undefined || (value.requests !== undefined && value.users !== undefined), {
  error: 'expected requestsPerUserPerMinute, or requests and the users who sent them',
});

const step = z.strictObject({
  suite: z.enum(['unit', 'integration', 'load', 'stress']),
  scenario: text,
  engine: z.enum(['autocannon', 'artillery', 'k6']),
  model: z.enum(['open', 'closed']).optional(),
  profile: z.enum(['quick', 'documented', 'as-written']).optional(),
  users: z.int().min(1).max(100_000).optional(),
  requestsPerSecond: z.number().positive().optional(),
  requests: z.int().min(1).max(10_000_000).optional(),
  shape: text.refine((written) => readLoadSpec(written) !== null, { error: `expected a shape such as ${LOAD_SPEC_EXAMPLES.join(' · ')}` }).optional(),
});

const count = figure('1', 'a number such as 3 or 2-3');
const LAYERS = ['memory', 'redis', 'postgres', 'files', 'vectors', 'cdn'] as const;

/** What the documents say the system is built of in a phase; the reference application is built the same way. */
const architecture = z.strictObject({
  at,
  layers: z.array(z.enum(LAYERS)).optional(),
  instances: count.optional(),
  workers: z.union([count, z.record(z.string().regex(/^[a-z][a-z0-9-]*$/), count)]).optional(),
  replicas: count.optional(),
  regions: count.optional(),
  poolPerInstance: figure('1', 'a number of connections').optional(),
  maxConnections: figure('1', 'a number of connections').optional(),
  assumes: z.array(id).optional(),
});

const action = z.union([text, z.strictObject({ title: text, at, detail: z.union([text, z.array(text)]).optional(), effort: text.optional() })]);

const phase = z.strictObject({
  // An unquoted 2 is a number to YAML; ids are texts.
  id: z.union([z.int().nonnegative(), id]),
  at,
  name: text,
  users,
  timeline: text.optional(),
  load: z.strictObject({
    at,
    requests: figure('/s', 'a rate such as 1000 requests/min').optional(),
    concurrentUsers: users.optional(),
    operationsPerDay: figure('1', 'a number such as 1,000').optional(),
    assumes: z.array(id).optional(),
  }).optional(),
  architecture: architecture.optional(),
  cost: usdPerMonth.optional(),
  steps: z.array(step).optional(),
  thresholds: conditions,
  triggers: conditions,
  actions: z.array(action).optional(),
  expects: z.array(z.union([text, z.strictObject({ text, at, users: users.optional() })])).optional(),
});

const milestone = z.strictObject({
  id, at,
  title: text,
  bottleneck: z.enum(BOTTLENECKS).nullable(),
  users: oneNumber,
  prepareBy: oneNumber.optional(),
  leadTime: figure('week', 'a time such as 1-2 weeks or 3-6 months').optional(),
  cost: usdPerMonth.optional(),
  impact: text,
  remedy: text,
  symptoms: conditions,
});

const suite = z.strictObject({
  id: step.shape.suite,
  at,
  assumes: z.array(id).optional(),
  purpose: text,
  frequency: text,
  thresholds: conditions,
  scenarios: z.array(text).optional(),
  profile: z.strictObject({ at, concurrentUsers: z.array(z.int().positive()).min(1).optional(), ramp: duration.optional(), sustain: duration.optional() }).optional(),
});

/** A question with a condition as its ask, and what follows from either answer; a text is where a branch ends. */
type Branch = string | { at?: string | number | undefined; ask: z.infer<typeof condition>; yes: Branch; no: Branch };
const branch: z.ZodType<Branch> = z.lazy(() => z.union([text, question]));
const question = z.strictObject({ at, ask: condition, yes: branch, no: branch });
const decisionTree = z.strictObject({ id, at, title: text, root: question });

const cost = z.strictObject({ at, users, monthly: usdPerMonth, perUser: figure('USD', 'an amount such as $5').optional(), note: text.optional() });

const experiment = z.strictObject({ id, at, title: text, detail: z.union([text, z.array(text)]).optional(), figures: facts.optional() });

export const planFileSchema = z.strictObject({
  id,
  title: text,
  application: z.enum(APPLICATIONS).optional(),
  document: z.strictObject({ file: text, sections: z.record(z.string().regex(/^[1-9]\d*$/, 'expected the line on which the section begins'), text) }).optional(),
  load,
  steps: z.array(step).optional(),
  phases: z.array(phase).min(1),
  milestones: z.array(milestone).optional(),
  triggers: z.array(trigger).optional(),
  alerts: z.array(alert).optional(),
  slo: conditions,
  suites: z.array(suite).optional(),
  costs: z.array(cost).optional(),
  capacity: facts.optional(),
  experiments: z.array(experiment).optional(),
  decisions: notes,
  decisionTrees: z.array(decisionTree).optional(),
  roadmap: notes,
  checklist: notes,
  assumptions: z.array(z.strictObject({ id, at, text, reason: text })).optional(),
  notes,
  omitted: z.array(z.strictObject({ at: at.unwrap(), reason: text })).optional(),
});

/** A plan file as it was written, its shape known to be right. */
export type PlanFile = z.infer<typeof planFileSchema>;
export type PlanFileCondition = z.infer<typeof condition>;
export type PlanFileNote = z.infer<typeof note>;
export type PlanFilePhase = z.infer<typeof phase>;
export type PlanFileStep = z.infer<typeof step>;
export type PlanFileArchitecture = z.infer<typeof architecture>;
export type PlanFileFacts = Facts;
export type PlanFileBranch = Branch;
