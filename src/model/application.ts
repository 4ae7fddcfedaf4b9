/** What the reference application can be: each speaks the journeys of the plan of the same name. */
export const APPLICATIONS = ['ventures', 'walls', 'exchange', 'honeyjar', 'stolen-tee'] as const;
export type ApplicationId = (typeof APPLICATIONS)[number];
