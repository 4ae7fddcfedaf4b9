import type { Expectation } from '../model/scenario.ts';
import type { Cursor } from './cursor.ts';

const READ = ['statusCode', 'contentType', 'hasProperty'];
const BEYOND = ['notStatusCode', 'hasHeader', 'headerEquals', 'equals', 'matchesRegexp', 'notHasProperty', 'cdnHit', 'jmespath', 'jpath', 'description'];

/** `expect`, written as a map or as a list of maps; null where there is none. */
export function readExpectation(expect: Cursor): Expectation | null {
  if (!expect.exists) return null;
  const parts = expect.oneOrMore();
  let statusCode: readonly number[] | null = null;
  let contentType: string | null = null;
  const hasProperty: string[] = [];
  for (const part of parts) {
    part.entries('expect');
    part.sort({ read: READ, beyond: BEYOND, of: 'expect' });
    if (part.at('statusCode').exists) statusCode = part.at('statusCode').oneOrMore().flatMap((code) => readStatus(code));
    contentType = part.at('contentType').text('contentType') ?? contentType;
    for (const property of part.at('hasProperty').oneOrMore()) hasProperty.push(property.text('hasProperty') ?? '');
  }
  return { statusCode, contentType, hasProperty };
}

function readStatus(code: Cursor): readonly number[] {
  const status = Number(code.value);
  if (Number.isInteger(status) && status >= 100 && status <= 599) return [status];
  code.fault(`statusCode: expected a number from 100 to 599, got ${JSON.stringify(code.value)}`);
  return [];
}
