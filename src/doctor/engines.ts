import { ENGINE_NAMES, engineNamed } from '../engines/registry.ts';
import { fail, ok, warn, type Finding } from './finding.ts';
import type { Need } from './need.ts';

/** Each engine: one that is not asked for may be missing. */
export function checkEngines(need: Need | null): Promise<Finding[]> {
  return Promise.all(ENGINE_NAMES.map(async (name): Promise<Finding> => {
    const engine = await engineNamed(name);
    const check = await engine.check();
    if (check.usable) return ok(`engine ${name}`, `${check.version}, ${engine.models.join(' and ')} model`);
    const isAsked = need?.engines.some((one) => one.name === name) === true;
    return isAsked ? fail(`engine ${name}`, `${check.reason}; ${need.of} asks for it`, check.hint) : warn(`engine ${name}`, `${check.reason}; no step asks for it`, check.hint);
  }));
}
