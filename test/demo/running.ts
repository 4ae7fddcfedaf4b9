import { join } from 'node:path';
import { startDemo } from '../../src/demo/start.ts';
import type { Demo, DemoOptions } from '../../src/demo/start.ts';
import { makeTempFolder } from '../../src/process/temp-folder.ts';

export type Json = Readonly<Record<string, unknown>>;

export interface Running {
  readonly demo: Demo;
  ask(path: string, body?: unknown): Promise<{ status: number; body: Json }>;
  stop(): Promise<void>;
}

/** A reference application, really started, and a way to ask it. */
export async function startRunning(options: Pick<DemoOptions, 'application' | 'architecture' | 'bottleneck'>): Promise<Running> {
  const folder = await makeTempFolder('demo-test');
  try {
    const demo = await startDemo({ ...options, folder: folder.path, logFolder: join(folder.path, 'logs'), report: () => {} });
    return {
      demo,
      async ask(path, body) {
        const response = await fetch(`${demo.url}${path}`, body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) });
        return { status: response.status, body: (await response.json()) as Json };
      },
      async stop() {
        await demo.stop();
        await folder.dispose();
      },
    };
  } catch (error) {
    await folder.dispose();
    throw error;
  }
}
