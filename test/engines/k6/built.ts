import { installK6 } from '../../../src/engines/k6/install.ts';
import { checkK6 } from '../../../src/engines/k6/binary.ts';
import { ScaleplanError } from '../../../src/errors.ts';

/**
 * Sees that there is a k6 with our extension, building it (about 90 s, once) where Go is there. Gives false, or why tests that need
 * it are skipped.
 */
export async function missingK6(): Promise<false | string> {
  if ((await checkK6()).usable) return false;
  try {
    await installK6({ report: (what) => process.stderr.write(`${what}\n`), signal: new AbortController().signal });
    return false;
  } catch (error) {
    if (!(error instanceof ScaleplanError)) throw error;
    return `no k6: ${error.message}`;
  }
}
