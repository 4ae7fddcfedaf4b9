import type { FlowStep, RequestStep } from '../model/scenario.ts';

/** Requests of a flow in order, each with how often one pass through the flow makes it. */
export function requestsOf(flow: readonly FlowStep[], times = 1): readonly { readonly step: RequestStep; readonly times: number }[] {
  return flow.flatMap((step) => {
    if (step.type === 'request') return [{ step, times }];
    return step.type === 'loop' ? requestsOf(step.flow, times * step.count) : [];
  });
}
