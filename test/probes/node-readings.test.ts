import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MetricsPage } from '../../src/probes/metrics-page.ts';
import { NODE_NAMES } from '../../src/probes/node-names.ts';
import { NodeReadings } from '../../src/probes/node-readings.ts';
import { parsePrometheusText } from '../../src/probes/prometheus-text.ts';
import type { Reading } from '../../src/probes/probe.ts';

function pageOf(figures: Readonly<Record<string, number>>): MetricsPage {
  return new MetricsPage(parsePrometheusText(Object.entries(figures).map(([name, value]) => `${name} ${value}\n`).join('')));
}

const secondsOf = (readings: readonly Reading[], metric: string): number | undefined => readings.find((one) => one.metric === metric)?.overSeconds;

describe('a figure of the time between two pages', () => {
  it('says how long that was', () => {
    const readings = new NodeReadings(NODE_NAMES);
    readings.take(pageOf({ process_cpu_seconds_total: 1 }), { atSeconds: 10 });
    assert.equal(secondsOf(readings.take(pageOf({ process_cpu_seconds_total: 2 }), { atSeconds: 13 }), 'node.cpu'), 3);
  });

  it('that was left out of a page is one of all the time since the page before that', () => {
    const readings = new NodeReadings(NODE_NAMES);
    const page = (errors: number | null): MetricsPage => pageOf({ process_cpu_seconds_total: 1, ...(errors === null ? {} : { db_client_connection_timeouts: errors }) });
    readings.take(page(1), { atSeconds: 10 });
    readings.take(page(1), { atSeconds: 11 });
    readings.take(page(null), { atSeconds: 14 });
    const seen = readings.take(page(4), { atSeconds: 16 });
    assert.deepEqual([secondsOf(seen, 'postgres.connection_errors'), secondsOf(seen, 'node.cpu')], [5, 2]);
  });

  it('is of nobody knows how long on the first page, and on the first one after a restart', () => {
    const readings = new NodeReadings(NODE_NAMES);
    const page = (startedAt: number): MetricsPage => pageOf({ process_start_time_seconds: startedAt, process_cpu_seconds_total: startedAt, nodejs_eventloop_lag_p99_seconds: 0.3 });
    const lagOver = (startedAt: number, atSeconds: number): number | undefined => secondsOf(readings.take(page(startedAt), { atSeconds }), 'node.event_loop_lag');
    assert.deepEqual([lagOver(100, 10), lagOver(100, 12), lagOver(200, 18), lagOver(200, 20)], [0, 2, 0, 2]);
  });
});
