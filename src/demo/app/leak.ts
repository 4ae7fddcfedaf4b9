/** A heap of 512 MB, collected by its own thread alone, as in a container of one core. */
export const SMALL_HEAP: readonly string[] = ['--max-old-space-size=512', '--max-semi-space-size=4', '--single-threaded-gc'];

/** Two megabytes: more than a core's own cache holds, so that each link that a collection follows has to be fetched. */
const CHAIN_LINKS = 50_000;
/** A link on the heap: a header of three words, a number and a reference. */
const LINK_BYTES = 40;
/** 11 MB a second fill the heap within a run of a minute and a half. */
const TICK_MS = 180;
/** Once it is full: as many chains are renewed as make the little room that is left run out about once a second. */
const RENEWED_PER_TICK = 3;

interface Link {
  readonly id: number;
  next: Link | null;
}

/**
 * Keeps more and more, as an index in memory does that nobody ever cleans up, until it holds so many bytes; from then on it renews what
 * it has. The room that is left is soon used up, and each collection has to walk through everything to find a little.
 */
export function leakMemory(mostBytes: number): void {
  const kept: Link[] = [];
  const most = Math.ceil(mostBytes / (CHAIN_LINKS * LINK_BYTES));
  let turn = 0;
  // Timed from the end of the last one: a process that collects most of the time must not fall behind for ever.
  const tick = (): void => {
    if (kept.length < most) kept.push(chain());
    else for (let i = 0; i < RENEWED_PER_TICK; i += 1) kept[turn++ % most] = chain();
    setTimeout(tick, TICK_MS).unref();
  };
  tick();
}

/** Linked in an order that has nothing to do with where the links lie. */
function chain(): Link {
  const links = Array.from({ length: CHAIN_LINKS }, (_, id): Link => ({ id, next: null }));
  for (let at = CHAIN_LINKS - 1; at > 0; at -= 1) {
    const other = Math.floor(Math.random() * (at + 1));
    [links[at], links[other]] = [links[other] as Link, links[at] as Link];
  }
  const head: Link = { id: -1, next: null };
  links.reduce((before, link) => (before.next = link), head);
  return head;
}

const ARRAY_ELEMENTS = 1_000_000;
const ARRAY_TICK_MS = 100;

/** A leak that begins with the first call and is mended by the second: one array more at every tick, until the heap is full and the process dies. */
export function toggleLeak(): () => void {
  const original = Array.from({ length: ARRAY_ELEMENTS }, (_, index) => index);
  let arrays: number[][] = [];
  let timer: NodeJS.Timeout | null = null;
  return () => {
    arrays = [];
    if (timer !== null) clearInterval(timer);
    timer = timer === null ? setInterval(() => arrays.push([...original]), ARRAY_TICK_MS) : null;
  };
}
