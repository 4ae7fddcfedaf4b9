import { z } from 'zod';

/** What one user may use. */
export const entrySchema = z.object({
  userId: z.int(),
  plan: z.enum(['free', 'plus', 'pro']),
  entitlements: z.array(z.object({ kind: z.string(), id: z.string() })),
});

export type Entry = z.infer<typeof entrySchema>;

export function mayUse({ entitlements }: Entry, kind: string, id: string): boolean {
  return entitlements.some((one) => one.kind === kind && one.id === id);
}

/** The entry with one entitlement more; the same one twice is there once. */
export function withGrant(entry: Entry, kind: string, id: string): Entry {
  return mayUse(entry, kind, id) ? entry : { ...entry, entitlements: [...entry.entitlements, { kind, id }] };
}
