import { z } from 'zod';

const settingsSchema = z.object({
  /** Loopback ports of the instances. */
  ports: z.array(z.int()).min(1),
});

export type BalancerSettings = z.infer<typeof settingsSchema>;

/** The environment variable the settings come in, as JSON. */
export const SETTINGS_VARIABLE = 'BALANCER_SETTINGS';

export function readSettings(environment: NodeJS.ProcessEnv): BalancerSettings {
  return settingsSchema.parse(JSON.parse(environment[SETTINGS_VARIABLE] ?? '{}'));
}
