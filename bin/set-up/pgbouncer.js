import { join } from 'node:path';
import { hasDebianPackages, unpackDebian, unpackedFolder } from './debian.js';
import { isProgram, onPath } from './place.js';
import { say, step } from './step.js';

/** Sees that there is a PgBouncer for the tests of its probe: 0.3 MB. Without one they are skipped, and nothing else needs it. */
export function setUpPgbouncer() {
  const program = join(unpackedFolder('pgbouncer'), 'usr/sbin/pgbouncer');
  if (process.env.SCALEPLAN_PGBOUNCER || onPath('pgbouncer') !== null || isProgram('/usr/sbin/pgbouncer') || isProgram(program)) return;
  if (!hasDebianPackages()) return;
  try {
    step('PgBouncer for the tests of its probe, unpacked into .cache', () => unpackDebian('pgbouncer', ['pgbouncer']));
  } catch (error) {
    say(`${error.message}\nThe tests of the PgBouncer probe will be skipped.`);
  }
}
