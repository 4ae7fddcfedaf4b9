import { ScaleplanError } from '../errors.ts';
import type { ApplicationId } from '../model/application.ts';
import type { StartedApplication, StartRequest } from './application.ts';
import { applicationNamed } from './applications.ts';
import type { Stop } from './processes.ts';

export interface DemoOptions extends StartRequest {
  readonly application: ApplicationId;
}

export interface Demo extends StartedApplication {
  /** Stops everything, newest first. A second call waits for the first. */
  stop(): Promise<void>;
}

/** Starts a reference application with everything it needs on free loopback ports. Throws `unknown-name`, `server-missing` or `server-failed`. */
export async function startDemo({ application: id, ...request }: DemoOptions): Promise<Demo> {
  const application = await applicationNamed(id);
  if (request.bottleneck !== null && !application.bottlenecks.some((known) => known.id === request.bottleneck)) {
    throw new ScaleplanError('unknown-name', `the reference application has no bottleneck "${request.bottleneck}"`, {
      hint: `It can be given ${application.bottlenecks.map((known) => known.id).join(', ')}.`,
    });
  }
  if (request.experiment !== undefined && request.experiment !== null && !application.experiments?.some((known) => known.id === request.experiment)) {
    throw new ScaleplanError('unknown-name', `the reference application ${id} has no experiment "${request.experiment}"`, {
      hint: `It has ${application.experiments?.map((known) => known.id).join(', ') ?? 'none'}.`,
    });
  }
  const stops: Stop[] = [];
  let stopping: Promise<void> | null = null;
  const stop = (): Promise<void> => (stopping ??= stopAll(stops));
  try {
    return { ...(await application.start(request, stops)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function stopAll(stops: readonly Stop[]): Promise<void> {
  for (const stop of stops.toReversed()) await stop().catch(() => {});
}
