import { pbkdf2Sync } from 'node:crypto';

/** Seals a user's purchase: key derivation on the event loop, its cost in proportion to `rounds`. With 0 it is not sealed. */
export function seal(userId: number, rounds: number): void {
  if (rounds > 0) pbkdf2Sync(String(userId), 'seal', rounds, 32, 'sha256');
}

const TRIAL_ROUNDS = 20_000;
const TRIALS = 5;

/**
 * As many rounds as take `ms` of CPU time on this machine: the fastest of five trials, for what disturbs one only makes it
 * slower, and CPU time rather than time, for a machine that is busy with something else is not slow for that.
 */
export function sealRoundsFor(ms: number): number {
  if (ms === 0) return 0;
  const trialsMs = Array.from({ length: TRIALS }, () => {
    const before = process.cpuUsage();
    seal(1, TRIAL_ROUNDS);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  return Math.round((TRIAL_ROUNDS * ms) / Math.min(...trialsMs));
}
