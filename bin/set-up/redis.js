import { join } from 'node:path';
import { hasDebianPackages, libraryFolders, unpackDebian, unpackedFolder } from './debian.js';
import { isProgram, onPath } from './place.js';
import { run, say, step } from './step.js';

const INSTALL = `Redis is missing, and the reference application needs it. Install it:
  Debian, Ubuntu   sudo apt-get install redis-server
  Fedora           sudo dnf install redis   (or valkey)
  macOS            brew install redis`;

/** Sees that there is a Redis: the machine's, else Debian's package in a folder of ours (src/demo/servers/find-redis.ts looks there). */
export function setUpRedis() {
  const program = join(unpackedFolder('redis'), 'usr/bin/redis-server');
  if (process.env.SCALEPLAN_REDIS_SERVER || onPath('redis-server', 'valkey-server') !== null || isProgram(program)) return;
  if (!hasDebianPackages()) return say(INSTALL);
  try {
    step('Redis, unpacked into .cache', () => {
      unpackDebian('redis', ['redis-server']);
      run(program, ['--version'], { env: { LD_LIBRARY_PATH: libraryFolders(unpackedFolder('redis')).join(':') } });
    });
  } catch (error) {
    say(`${error.message}\n${INSTALL}`);
  }
}
