import { z } from 'zod';

const settingsSchema = z.object({
  /** The application behind the relay, on this machine. */
  port: z.int(),
  /** How long each piece of an answer takes on the way. */
  delayMs: z.int().min(0),
});

export type RelaySettings = z.infer<typeof settingsSchema>;

/** The environment variable the settings come in, as JSON. */
export const SETTINGS_VARIABLE = 'RELAY_SETTINGS';

export function readSettings(environment: NodeJS.ProcessEnv): RelaySettings {
  return settingsSchema.parse(JSON.parse(environment[SETTINGS_VARIABLE] ?? '{}'));
}
