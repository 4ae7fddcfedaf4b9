import { ScaleplanError } from '../errors.ts';

/** An http or https address behind a flag. Throws `wrong-usage`. */
export function parseUrl(flag: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol)) throw new ScaleplanError('wrong-usage', `${flag} ${text} is no http or https URL.`, { hint: `Example: ${flag} http://127.0.0.1:3000/health` });
  return url.href;
}
