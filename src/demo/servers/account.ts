import { readFile } from 'node:fs/promises';
import { getuid } from 'node:process';

/** Whom a server runs as: nothing set means as ourselves. */
export interface Account {
  readonly uid?: number;
  readonly gid?: number;
}

/** `postgres` where a package made it, else the account every Unix has for those without rights. */
const CANDIDATES = ['postgres', 'nobody'];
/** By convention of Linux and of macOS's unsigned -2 alike: larger than any person's id. */
const NOBODY: Account = { uid: 65_534, gid: 65_534 };

/** PostgreSQL refuses to run as root (in a container we often are): then it gets an account without rights. */
export async function serverAccount(): Promise<Account> {
  if (getuid?.() !== 0) return {};
  const lines = (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n').map((line) => line.split(':'));
  for (const name of CANDIDATES) {
    const fields = lines.find((line) => line[0] === name);
    const [uid, gid] = [Number(fields?.[2]), Number(fields?.[3])];
    if (uid > 0 && gid > 0) return { uid, gid };
  }
  return NOBODY;
}
