import { isAlternative, type Condition } from '../model/condition.ts';
import type { Report } from '../model/report.ts';
import { FORMAT_VERSION } from '../model/run.ts';
import type { Reporter } from './reporter.ts';

export const json = {
  name: 'json',
  fileName: null,
  render: (report: Report): string => `${JSON.stringify(toContract(report), null, 2)}\n`,
} satisfies Reporter;

/** The report in the public shape: what `--json` prints and `run.json` holds. Names here are a promise to scripts. */
export function toContract(report: Report): Record<string, unknown> {
  const { run, validity, diagnosis, outlook } = report;
  return {
    formatVersion: FORMAT_VERSION,
    exitCode: report.exitCode,
    run: {
      id: run.id,
      startedAt: new Date(run.startedAtMs).toISOString(),
      endedAt: new Date(run.endedAtMs).toISOString(),
      valid: validity.valid,
      invalidReason: validity.invalidReason,
      interrupted: run.interrupted !== null,
    },
    plan: { id: run.plan.id, phase: run.plan.phase },
    target: run.target.url,
    steps: report.steps,
    verdicts: report.verdicts.map(({ condition, ...rest }) => ({ condition: conditionJson(condition), ...rest })),
    diagnosis,
    outlook,
    ...(report.comparison === undefined ? {} : { comparison: report.comparison }),
    ...(report.experiment === undefined ? {} : { experiment: { ...report.experiment, verdicts: report.experiment.verdicts.map(({ condition, ...rest }) => ({ condition: conditionJson(condition), ...rest })) } }),
    ...(report.stress === undefined ? {} : { stress: report.stress }),
    generator: { saturated: validity.saturated, reasons: validity.reasons },
    probes: run.probes.map((probe) => ({ kind: probe.kind, status: probe.status, reason: 'reason' in probe ? probe.reason : null })),
    assumptions: [...run.assumptions, ...report.plan.assumptions.map(({ text, reason }) => `${text} (${reason})`)],
    environment: { ...run.environment, target: run.target },
    configuration: run.configuration,
  };
}

/** Alternatives as `{anyOf: […]}`; everything else stays as the model has it. */
export function conditionJson(condition: Condition): Record<string, unknown> {
  const { place: _, assumes: __, reason: ___, ...rest } = condition;
  return isAlternative(condition) ? { ...rest, anyOf: condition.anyOf } : rest;
}
