import { APPLICATION } from './catalogue/application.ts';
import { DATABASE } from './catalogue/database.ts';
import { HEALTHY } from './catalogue/healthy.ts';
import { LOOK_ALIKES } from './catalogue/look-alikes.ts';
import { STORES } from './catalogue/stores.ts';
import { SURROUNDINGS } from './catalogue/surroundings.ts';
import type { Situation } from './situation.ts';

/** Every labelled situation that can be recorded: `npm run bench -- record [name…]`. */
export const SITUATIONS: readonly Situation[] = [...DATABASE, ...STORES, ...APPLICATION, ...SURROUNDINGS, ...LOOK_ALIKES, ...HEALTHY];
