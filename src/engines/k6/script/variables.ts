import { cellValue, type Chance, type Variables } from '../../../scenario/variables.ts';
import type { Measurement } from './k6.ts';
import type { ScriptProgram } from './program.ts';

/**
 * Makes the variables of the journey of this number: the target, what `before` captured, a row of each payload, a value of each list.
 * Nothing where no template uses any, and no UUID where none is used: k6's JavaScript takes longer for one than for a request.
 */
export function createVariables({ target, payloads, lists, uses }: ScriptProgram, scaleplan: Measurement, chance: Chance): (turn: number, shared: Variables) => Variables {
  if (uses.length === 0) return () => ({});
  const named = Object.entries(lists);
  const given = uses.includes('$uuid') ? () => ({ target, $uuid: uuid(chance) }) : () => ({ target });
  return (turn, shared) => {
    const variables: Variables = { ...given(), ...shared };
    payloads.forEach((fields, payload) => {
      const cells = scaleplan.row(payload, turn);
      fields.forEach((field, column) => { variables[field] = cellValue(cells[column]); });
    });
    // Artillery lets the script's own variables win over a payload's columns.
    for (const [name, values] of named) variables[name] = values[Math.floor(chance() * values.length)];
    return variables;
  };
}

/** A random UUID (RFC 9562, version 4). */
function uuid(chance: Chance): string {
  return 'xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx'.replace(/[xy]/g, (sign) => {
    const digit = Math.floor(chance() * 16);
    return (sign === 'x' ? digit : (digit & 3) | 8).toString(16);
  });
}
