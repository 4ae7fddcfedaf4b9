/** Types for authors of engines, probes, rules and reporters. What is not here may change without notice. */
export type { Engine, EngineCheck, EngineLoad } from './engines/engine.ts';
export type { Interval, IntervalRow, EncodedHistogram, ErrorKind } from './model/interval.ts';
export type { LoadShape, OpenStage, ClosedStage } from './model/load.ts';
export type { Scenario, Journey, FlowStep } from './model/scenario.ts';
export type { Probe, ProbeOptions, OpenProbe, Reading } from './probes/probe.ts';
export type { Rule, Situation, Finding } from './diagnose/rule.ts';
export type { Reporter, RenderOptions } from './reporters/reporter.ts';
export type { Report, Verdict, Diagnosis, DiagnosedBottleneck, Evidence, Outlook, StepSummary, ScopeSummary, LatencySummary } from './model/report.ts';
export type { Comparison, Difference, ComparedScope } from './model/comparison.ts';
export type { Run, RunStep } from './model/run.ts';
export type { Plan, Phase, Milestone } from './model/plan.ts';
export type { Condition } from './model/condition.ts';
export { ScaleplanError } from './errors.ts';
