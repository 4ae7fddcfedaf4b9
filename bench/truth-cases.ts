import type { Behaviour } from '../test/engines/behaving-server.ts';

/** One behaviour of a server, and the load that is put on it. */
export interface TruthCase {
  readonly name: string;
  readonly behaviour: Behaviour;
  /** Journeys of two requests each second, where arrivals are made. */
  readonly arrivalsPerSec: number;
  /** Where users are. */
  readonly users: number;
  readonly seconds: number;
  readonly timeoutMs: number;
  /** Engines that this many connections are too many for. */
  readonly without?: readonly string[];
  /** Also by a bare socket, which knows no more of HTTP than where an answer ends. */
  readonly withFloor?: true;
}

const LIGHT = { arrivalsPerSec: 20, users: 4, seconds: 5, timeoutMs: 3000 } as const;
/** Where the redirect leads to. */
export const LANDING = '/landed';
const redirect = { '/a': { status: 302, headers: { location: LANDING }, body: '' } } as const;
const empty = { '/a': { status: 204, body: '' }, '/b': { status: 204, body: '' } } as const;

export const CASES: readonly TruthCase[] = [
  { name: 'constant 20 ms', behaviour: { delayMs: 20 }, ...LIGHT, withFloor: true },
  { name: '5 ms, 1 in 10 200 ms', behaviour: { delayMs: 5, slow: { every: 10, delayMs: 200 } }, ...LIGHT },
  { name: 'Connection: close', behaviour: { delayMs: 20, connectionClose: true }, ...LIGHT },
  { name: '1 in 50 ended (FIN)', behaviour: { delayMs: 20, drop: { every: 50, how: 'fin' } }, ...LIGHT },
  { name: '1 in 50 reset (RST)', behaviour: { delayMs: 20, drop: { every: 50, how: 'rst' } }, ...LIGHT },
  { name: '1 in 100 never answered', behaviour: { delayMs: 20, silentEvery: 100 }, ...LIGHT, timeoutMs: 1000 },
  // In the middle of a journey's second request: a connection that is just being opened is one that no server can record.
  { name: 'away for 1 s', behaviour: { delayMs: 20, away: { atMs: 4030, forMs: 1000 } }, ...LIGHT },
  { name: 'stall of 2 s', behaviour: { delayMs: 20, stall: { atMs: 4000, forMs: 2000 } }, ...LIGHT },
  { name: 'body of 500 ms in pieces', behaviour: { delayMs: 5, bodyBytes: 10_000, pieces: { count: 10, overMs: 500 } }, ...LIGHT },
  { name: 'bodies of 10 MB', behaviour: { delayMs: 5, bodyBytes: 10_000_000 }, ...LIGHT, arrivalsPerSec: 2, users: 1, withFloor: true },
  { name: 'gzip', behaviour: { delayMs: 20, bodyBytes: 20_000, gzip: true }, ...LIGHT },
  { name: 'redirects', behaviour: { delayMs: 20, answers: redirect }, ...LIGHT },
  { name: '204 without a body', behaviour: { delayMs: 20, answers: empty }, ...LIGHT },
  { name: '1 connection', behaviour: { delayMs: 20 }, ...LIGHT, arrivalsPerSec: 5, users: 1 },
  { name: '50 connections', behaviour: { delayMs: 400 }, ...LIGHT, arrivalsPerSec: 60, users: 50, withFloor: true },
  { name: '1,000 connections', behaviour: { delayMs: 4000 }, ...LIGHT, arrivalsPerSec: 125, users: 1000, seconds: 8, timeoutMs: 9000, without: ['artillery'], withFloor: true },
];
