import type { ApplicationId } from '../model/application.ts';
import type { Application } from './application.ts';

/** Every reference application, loaded when it is asked for. A new one is a folder here and a line in this table. */
const APPLICATIONS: Readonly<Partial<Record<ApplicationId, () => Promise<Application>>>> = {
  exchange: async () => (await import('./exchange/application.ts')).exchange,
  honeyjar: async () => (await import('./honeyjar/application.ts')).honeyjar,
  'stolen-tee': async () => (await import('./stolen-tee/application.ts')).stolenTee,
  walls: async () => (await import('./walls/application.ts')).walls,
  ventures: async () => (await import('./ventures/application.ts')).ventures,
};

export async function applicationNamed(id: ApplicationId): Promise<Application> {
  const load = APPLICATIONS[id] ?? APPLICATIONS.ventures;
  if (load === undefined) throw new Error(`no application ${id}`);
  return load();
}
