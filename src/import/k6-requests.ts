import { errorKind } from './error-kind.ts';
import { loggedResults } from './logged.ts';
import { RequestLog } from './request-log.ts';
import type { Results } from './source.ts';
import type { ErrorKind } from '../model/interval.ts';

type Tags = Readonly<Record<string, string>>;

interface Open {
  readonly endedAtMs: number;
  readonly tags: Tags;
  readonly parts: Map<string, number>;
}

/** A test that did not start this share of its iterations was not the test that was asked for; the limit of our own engines. */
const DROPPED_SHARE = 0.03;

/** Puts the samples of a request together again: k6 writes them one behind the other, beginning with `http_reqs`. */
export class K6Requests {
  readonly #log = new RequestLog();
  #open: Open | null = null;
  #users = 0;
  #iterations = 0;
  #dropped = 0;
  #checks = { passed: 0, failed: 0 };

  take(metric: string, atMs: number, value: number, tags: Tags): void {
    if (metric === 'http_reqs') {
      this.#close();
      this.#open = { endedAtMs: atMs, tags, parts: new Map() };
    } else if (metric.startsWith('http_req_')) this.#open?.parts.set(metric, value);
    else if (metric === 'vus') this.#users = Math.max(this.#users, value);
    else if (metric === 'iterations') this.#iterations += value;
    else if (metric === 'checks') this.#checks[value === 0 ? 'failed' : 'passed'] += 1;
    else if (metric === 'dropped_iterations') {
      this.#dropped += value;
      this.#log.skip(atMs, value);
    }
  }

  results(file: string, isCsv: boolean): Results {
    this.#close();
    const all = this.#iterations + this.#dropped;
    const { passed, failed } = this.#checks;
    return loggedResults(file, this.#log, {
      tool: 'k6', model: 'closed', users: this.#users === 0 ? null : this.#users,
      generatorReasons: this.#dropped > DROPPED_SHARE * all ? [`k6 dropped ${this.#dropped} of ${all} iterations: it had no free virtual user for them`] : [],
      notes: [
        'k6’s http_req_duration leaves the connect out: http_req_connecting and http_req_tls_handshaking were added',
        'which executor made the load is not in the file: it is shown as users at the same time',
        ...(isCsv ? ['k6’s CSV has whole seconds: a request counts in the second k6 wrote'] : []),
        ...(failed > 0 ? [`${failed} of ${passed + failed} checks failed; k6 does not say of which request, so they are no errors here`] : []),
      ],
    });
  }

  #close(): void {
    if (this.#open === null) return;
    const { endedAtMs, tags, parts } = this.#open;
    this.#open = null;
    const part = (name: string): number => parts.get(`http_req_${name}`) ?? 0;
    const connectMs = part('connecting') + part('tls_handshaking');
    const latencyMs = connectMs + part('duration');
    const status = Number(tags['status'] ?? 0) || 0;
    const isFailed = parts.has('http_req_failed') ? part('failed') === 1 : tags['expected_response'] === 'false' || status === 0 || status >= 400;
    this.#log.add({
      journey: (tags['group'] ?? '').split('::').at(-1) || tags['scenario'] || 'all', step: tags['name'] || `${tags['method'] ?? 'GET'} ${tags['url'] ?? '/'}`,
      startedAtMs: endedAtMs - latencyMs, latencyMs, ttfbMs: status > 0 ? connectMs + part('sending') + part('waiting') : null,
      status, error: isFailed ? kindOf(status, tags) : null, bytes: 0,
    });
  }
}

/** k6's own numbers of errors: 10xx general, 11xx DNS, 12xx TCP, 13xx TLS, 14xx and 15xx by status, 16xx HTTP/2. */
function kindOf(status: number, tags: Tags): ErrorKind {
  const code = Number(tags['error_code'] ?? 0);
  if (status > 0) return errorKind(status, '');
  if (code === 1050 || code === 1211) return 'timeout';
  if (code >= 1100 && code < 1200) return 'dns';
  if (code === 1212) return 'refused';
  if (code === 1220) return 'reset';
  if (code >= 1300 && code < 1400) return 'tls';
  return errorKind(0, tags['error'] ?? '');
}
