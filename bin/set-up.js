/**
 * Brings a fresh clone to where it can run: a Node that is new enough, the dependencies by the lock file, a Redis, and
 * with --for-tests a browser and a PgBouncer. Plain JavaScript for Node 18, because it runs before anything is there. Each step looks
 * whether its result is really there, so a second call takes a tenth of a second.
 */
import { setUpBrowser } from './set-up/browser.js';
import { setUpDependencies } from './set-up/dependencies.js';
import { setUpPgbouncer } from './set-up/pgbouncer.js';
import { setUpRedis } from './set-up/redis.js';

try {
  setUpDependencies();
  // What cannot be had is said, and does not stop the rest: the command itself says what it misses, the tests skip it.
  setUpRedis();
  if (process.argv.includes('--for-tests')) {
    setUpBrowser();
    setUpPgbouncer();
  }
} catch (error) {
  process.stderr.write(`set-up: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
