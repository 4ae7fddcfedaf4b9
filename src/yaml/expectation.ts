import type { z } from 'zod';

/** What a schema wanted at the place of an issue, as a person would say it. Own messages of a schema take precedence. */
export function expectation(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${TYPES[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `expected ${oneOf(issue.values)}`;
    case 'invalid_union':
      // Zod names the alternatives of a discriminated union only in the raw issue.
      return Array.isArray(issue['options']) ? `expected ${oneOf(issue['options'])}` : undefined;
    case 'too_small':
      return `expected ${size(issue.origin, issue.inclusive === false ? 'more than' : 'at least', issue.minimum)}`;
    case 'too_big':
      return `expected ${size(issue.origin, issue.inclusive === false ? 'less than' : 'at most', issue.maximum)}`;
    case 'invalid_format':
      return `expected ${FORMATS[issue.format] ?? (issue.pattern === undefined ? `a text of the form "${issue.format}"` : `a text that matches ${issue.pattern}`)}`;
    case 'not_multiple_of':
      return `expected a multiple of ${issue.divisor}`;
    default:
      return undefined;
  }
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text', number: 'a number', int: 'a whole number', boolean: 'true or false', object: 'a map', record: 'a map',
  array: 'a list', tuple: 'a list', null: 'nothing', undefined: 'nothing', never: 'nothing', nonoptional: 'a value',
};

const FORMATS: Readonly<Record<string, string>> = {
  url: 'a URL', email: 'an e-mail address', date: 'a date like 2026-01-31', datetime: 'a time like 2026-01-31T12:00:00Z', uuid: 'a UUID',
};

function oneOf(values: readonly unknown[]): string {
  const shown = values.map((value) => (typeof value === 'string' ? `"${value}"` : String(value)));
  return shown.length === 1 ? String(shown[0]) : `one of ${shown.join(', ')}`;
}

function size(origin: string, relation: string, limit: unknown): string {
  const many = limit === 1 ? 'entry' : 'entries';
  if (origin === 'array' || origin === 'set' || origin === 'object' || origin === 'map') return `${relation} ${String(limit)} ${many}`;
  if (origin === 'string') return `${relation} ${String(limit)} character${limit === 1 ? '' : 's'}`;
  return `${relation} ${String(limit)}`;
}
