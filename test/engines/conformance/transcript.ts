import type { Recorded } from './recording-server.ts';

/** Headers that belong to the connection, name the program, or say where a redirect came from. */
const LEFT_OUT = ['host', 'connection', 'user-agent', 'referer'];

/** What one virtual user sent, line by line, with what differs from user to user put out of the way. */
export function transcriptsOf(record: readonly Recorded[], target: string): readonly (readonly string[])[] {
  const users = new Map<string, string[]>();
  for (const one of record) {
    const lines = users.get(one.user) ?? [];
    users.set(one.user, lines);
    lines.push(neutral(lineOf(one), one.user, target));
  }
  return [...users.values()];
}

function lineOf({ method, url, headers, body }: Recorded): string {
  // Artillery leaves the type of the body it drops behind 303; it says nothing.
  const silent = body === '' ? [...LEFT_OUT, 'content-type'] : LEFT_OUT;
  const told = Object.entries(headers).filter(([name]) => !silent.includes(name)).sort(([a], [b]) => (a < b ? -1 : 1));
  return [`${method} ${url}`, ...told.map(([name, value]) => `${name}: ${value}`), body].join('\n');
}

function neutral(line: string, user: string, target: string): string {
  return line.replaceAll(user, '<user>').replaceAll(target, '<target>')
    .replace(/\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/g, '<uuid>').replace(/\/x[A-Za-z0-9]{4}\n/, '/x<4>\n');
}
