import type { Evidence } from '../model/report.ts';
import { sign } from './finding.ts';
import type { ClientRecord, Situation } from './rule.ts';
import { say } from './say.ts';
import { levelOf, meanOf, trendOf } from './window.ts';

/** Half as many again from each third of the time to the next, and ten in all: more come in than go out. */
const GROWING_FACTOR = 1.5;
const GROWING_REQUESTS = 10;
/** Under 5 % more throughput for 20 % more load: the system gives what it can. */
const FLAT_GAIN = 0.05;
const MORE_LOAD = 0.2;
/** Three times the time at a quarter of the load: the knee lies between the two (the scaling documents take the same factor for slow). */
const KNEE_FACTOR = 3;
/** A journey this little slower is not touched by whatever holds the others up. */
const UNTOUCHED_FACTOR = 1.5;
/** Errors under one in a hundred tell nothing about a limit. */
const TELLING_ERROR_SHARE = 0.01;

/** What failed requests say about where they failed; errors of the scenario itself (4xx, captures) are none of the target's limits. */
const ERRORS: Readonly<Partial<Record<keyof ReturnType<ClientRecord['errorsIn']>, string>>> = {
  refused: 'connections refused: nobody listens, or the queue of connections to accept is full (the process probe tells)',
  reset: 'connections reset: a process that ended, or a proxy that gave up (the process and host probes tell)',
  closed: 'connections closed before the answer: a process that ended, or a limit on connections (the process and host probes tell)',
  timeout: 'answers that did not come in time: something in the target has a queue that does not drain',
  dns: 'names that could not be looked up: the network before the target',
  tls: 'TLS that failed: the network or a proxy before the target',
  'http-5xx': 'answers 5xx: the target gives up or refuses work, its own log says on what',
};

/**
 * What the client alone can say of a run that harms its users: that there is a limit, and roughly where; never which.
 * Nothing here names a bottleneck: the probes that would settle it are listed beside it.
 */
export function clientSigns(situation: Situation): Evidence[] {
  return [inFlightGrowth(situation), flatThroughput(situation), knee(situation), journeysApart(situation), ...errorKinds(situation)].filter((one) => one !== null);
}

function inFlightGrowth({ client, judged }: Situation): Evidence | null {
  const trend = trendOf(client?.inFlight ?? null, judged);
  if (trend === null || trend.middle < GROWING_FACTOR * trend.first || trend.last < GROWING_FACTOR * trend.middle || trend.last - trend.first < GROWING_REQUESTS) return null;
  return sign(true, 'http.throughput', trend.last, trend.first, `requests in flight grow from ${say(trend.first)} to ${say(trend.last)}: more come in than are answered, they queue up somewhere`);
}

/** In the judged part, and from third to third of it where the load itself rises. */
function flatThroughput({ series, sentPerSec, judged }: Situation): Evidence | null {
  const done = series('http.throughput');
  const [sentNow, doneNow] = [levelOf(sentPerSec, judged), levelOf(done, judged)];
  const [sentThirds, doneThirds] = [trendOf(sentPerSec, judged), trendOf(done, judged)];
  if (sentThirds !== null && doneThirds !== null && sentThirds.last >= (1 + MORE_LOAD) * sentThirds.middle && doneThirds.last < (1 + FLAT_GAIN) * doneThirds.middle) {
    return sign(true, 'http.throughput', doneThirds.last, doneThirds.middle, `throughput stays at ${say(doneThirds.last)}/s while the load rises from ${say(sentThirds.middle)} to ${say(sentThirds.last)}/s: that is the capacity`);
  }
  if (sentNow === null || doneNow === null || doneNow >= 0.95 * sentNow) return null;
  return sign(true, 'http.throughput', doneNow, sentNow, `${say(doneNow)}/s are answered of ${say(sentNow)}/s sent: about ${say(doneNow)}/s is the capacity`);
}

function knee({ series, sentPerSec, reference, judged }: Situation): Evidence | null {
  const [before, now] = [reference ? levelOf(series('http.mean'), reference) : null, levelOf(series('http.mean'), judged)];
  const [calm, full] = [reference ? levelOf(sentPerSec, reference) : null, levelOf(sentPerSec, judged)];
  if (before === null || now === null || now < KNEE_FACTOR * before) return null;
  const between = calm !== null && full !== null && full > calm ? `: the knee lies between ${say(calm)} and ${say(full)} requests/s` : '';
  return sign(true, 'http.mean', now, before, `requests take ${say(now / before)} times as long as at a quarter of the load (${say(before)} → ${say(now)} ms)${between}`);
}

/** Which journeys suffer narrows down what they have in common. */
function journeysApart({ client, reference, judged }: Situation): Evidence | null {
  if (client === null || reference === null) return null;
  const growths = client.journeys.flatMap(({ name, mean }) => {
    const [before, now] = [meanOf(mean, reference), meanOf(mean, judged)];
    return before === null || now === null || before <= 0 ? [] : [{ name, growth: now / before }];
  }).toSorted((a, b) => b.growth - a.growth);
  const [most, least] = [growths[0], growths.at(-1)];
  if (most === undefined || least === undefined || most.growth < KNEE_FACTOR) return null;
  const hint = least.growth < UNTOUCHED_FACTOR ? `: it is something that ${most.name} uses and ${least.name} does not` : '';
  return sign(true, 'http.mean', most.growth, least.growth, `${most.name} takes ${say(most.growth)} times as long as at a quarter of the load, ${least.name} ${say(least.growth)} times${hint}`);
}

function errorKinds({ client, sentPerSec, judged }: Situation): (Evidence | null)[] {
  const sent = (levelOf(sentPerSec, judged) ?? 0) * (judged[1] - judged[0]);
  return Object.entries(client?.errorsIn(judged) ?? {}).map(([kind, count]) => {
    const text = ERRORS[kind as keyof typeof ERRORS];
    if (text === undefined || sent <= 0 || count < TELLING_ERROR_SHARE * sent) return null;
    return sign(true, kind === 'timeout' ? 'http.timeouts' : 'http.error_rate', (100 * count) / sent, 100 * TELLING_ERROR_SHARE, `${say((100 * count) / sent)} % ${text}`);
  });
}
