import type { CaptureResult, Done, Events, HookName, RequestParams, Response, ScenarioSpec, Script, UserContext } from './artillery.ts';
import { Exceptions } from './exceptions.ts';
import { hasExpectation, isAsExpected } from './expectation.ts';
import { keepWithinTarget } from './redirect.ts';
import type { Seconds } from './seconds.ts';
import { nowUs } from './traffic.ts';
import type { Traffic } from './traffic.ts';

/** Virtual users under way, and whether new ones may still start. */
export interface Users {
  readonly active: Set<string>;
  isStopped: boolean;
  onLeave(): void;
}

type Functions = Record<string, unknown>;

/**
 * Attaches the measurement to a worker's copy of the script: artillery's own hooks, in front of the user's. The user's file is
 * not touched, and what the hooks do to a virtual user is nothing, until the load is stopped: then they end it.
 */
export function attachHooks(script: Script, seconds: Seconds, traffic: Traffic, users: Users): void {
  const functions = functionsOf(script);
  const expectPlugin = script.config.plugins?.['expect'];
  const byDefault = String(expectPlugin?.expectDefault200) === 'true';
  const exceptions = new Exceptions(script, seconds, () => users.isStopped);
  const listen = listenOnce(traffic, users, exceptions);

  functions['scaleplanBeforeScenario'] = (context: UserContext, events: Events, done: Done): void => {
    listen(events);
    if (users.isStopped) return done(new Error('scaleplan: the load was stopped'));
    users.active.add(context._uid);
    seconds.arrived(nowUs());
    done();
  };
  functions['scaleplanAfterScenario'] = (context: UserContext, _events: Events, done: Done): void => {
    leave(users, context._uid);
    done();
  };
  functions['scaleplanBeforeRequest'] = (params: RequestParams, context: UserContext, _events: Events, done: Done): void => {
    if (users.isStopped) {
      leave(users, context._uid);
      return done(new Error('scaleplan: the load was stopped'));
    }
    traffic.prepare(params, {
      journey: context.scenario?.scaleplanJourney ?? '',
      step: stepOf(params, script.config.target),
      user: context._uid,
      awaitsCapture: isGiven(params.capture) || isGiven(params.match),
      awaitsExpect: byDefault || (params.expect !== undefined && hasExpectation(params)),
    });
    keepWithinTarget(params);
    done();
  };
  functions['scaleplanOnError'] = (error: Error, params: RequestParams, context: UserContext, _events: Events, done: Done): void => {
    exceptions.explain(params);
    traffic.failed(params, error);
    leave(users, context._uid);
    done();
  };
  functions['scaleplanExpect'] = (params: RequestParams, response: Response, _context: UserContext, _events: Events, done: Done): void => {
    traffic.checked(params, isAsExpected(params, response));
    done();
  };
  for (const [index, scenario] of (script.scenarios ?? []).entries()) {
    scenario.scaleplanJourney = scenario.name ?? `scenario ${index + 1}`;
    put(scenario, 'beforeScenario', 'scaleplanBeforeScenario', 'first');
    put(scenario, 'afterScenario', 'scaleplanAfterScenario', 'last');
    put(scenario, 'beforeRequest', 'scaleplanBeforeRequest', 'first');
    put(scenario, 'onError', 'scaleplanOnError', 'first');
    for (const params of requestsIn(scenario.flow ?? [])) {
      if (expectPlugin === undefined) checkExpectations(params);
      findHeaders(params);
    }
  }
}

/** The functions scripts may name; without a `processor` of the user's the table is ours. */
function functionsOf(script: Script): Functions {
  if (typeof script.config.processor !== 'object' || script.config.processor === null) script.config.processor = {};
  return script.config.processor as Functions; // made an object just above
}

/** All virtual users of a worker share one emitter, which a plugin gets to see in the hooks only. */
function listenOnce(traffic: Traffic, users: Users, exceptions: Exceptions): (events: Events) => void {
  let known: Events | null = null;
  return (events) => {
    if (known === events) return;
    known = events;
    exceptions.listen(events);
    events.on('trace:http:request', (params: RequestParams) => traffic.sent(params));
    events.on('trace:http:response', (response: Response, uuid: string) => traffic.answered(response, uuid));
    events.on('trace:http:capture', (result: CaptureResult, uuid: string) => {
      const ended = traffic.captured(result, uuid);
      if (ended !== null) leave(users, ended);
    });
    events.on('plugin:expect:expectations', (found: { results: readonly { ok?: unknown }[] }, params: RequestParams) => {
      traffic.checked(params, found.results.every(({ ok }) => Boolean(ok)));
    });
  };
}

/** What stands behind the verbs of a flow, however deep. */
function* requestsIn(flow: readonly unknown[]): Generator<Record<string, unknown>> {
  for (const step of flow.flat(Infinity)) {
    if (typeof step !== 'object' || step === null) continue;
    for (const [verb, params] of Object.entries(step)) {
      if (Array.isArray(params) && (verb === 'loop' || verb === 'parallel')) yield* requestsIn(params);
      else if (typeof params === 'object' && params !== null && !Array.isArray(params)) yield params;
    }
  }
}

/** Only requests that expect something get the hook: it makes artillery gather the body as text. */
function checkExpectations(params: Record<string, unknown>): void {
  if ('expect' in params) Object.assign(params, { afterResponse: ['scaleplanExpect', ...('afterResponse' in params ? [params['afterResponse']].flat() : [])] });
}

/** artillery finds a header by its name in small letters only; HTTP, and the other engines, know no such difference. */
function findHeaders({ capture }: Record<string, unknown>): void {
  for (const one of [capture].flat()) {
    if (typeof one === 'object' && one !== null && 'header' in one && typeof one.header === 'string') one.header = one.header.toLowerCase();
  }
}

function put(scenario: ScenarioSpec, hook: HookName, name: string, where: 'first' | 'last'): void {
  const own = [scenario[hook] ?? []].flat();
  scenario[hook] = where === 'first' ? [name, ...own] : [...own, name];
}

function leave(users: Users, user: string): void {
  if (users.active.delete(user)) users.onLeave();
}

/** As the script has it, before anything is filled in: a step is one line of the script, not one URL. */
function stepOf({ name, method, url, uri }: RequestParams, target: string | undefined): string {
  if (name !== undefined) return name;
  const full = url ?? uri ?? '';
  return `${method} ${target !== undefined && full.startsWith(target) ? full.slice(target.length) : full}`;
}

function isGiven(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : typeof value === 'object' && value !== null;
}
