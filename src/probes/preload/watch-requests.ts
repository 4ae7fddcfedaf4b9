import { subscribe } from 'node:diagnostics_channel';
import { add, AT } from './figures.ts';
import type { Figures } from './figures.ts';

/** On the request itself: a WeakMap beside it cost a small application 6 % of its throughput, this nothing that could be measured. */
const STARTED = Symbol('scaleplan started');

interface Announced {
  readonly request: { [STARTED]?: number };
}

/** Times requests from the head of the request to the end of the answer, by what Node's own HTTP server announces. */
export function watchRequests(figures: Figures): void {
  // The two channels are documented to carry the request.
  subscribe('http.server.request.start', (message) => {
    (message as Announced).request[STARTED] = performance.now();
  });
  subscribe('http.server.response.finish', (message) => {
    const startedMs = (message as Announced).request[STARTED];
    if (startedMs === undefined) return;
    add(figures, AT.requestMs, performance.now() - startedMs);
    add(figures, AT.requestCount, 1);
  });
}
