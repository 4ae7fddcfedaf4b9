import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hostCpu } from '../../../src/diagnose/rules/host-cpu.ts';
import { confidenceOf, isNamed, situation, textsOf, type Course } from '../situation-builder.ts';

describe('host CPU', () => {
  it('is named when the host is full and tasks wait for a core', () => {
    const finding = hostCpu.evaluate(situation({ 'host.cpu': [30, 98], 'host.cpu_pressure': [4, 70], 'node.cpu': [10, 35], 'node.run_queue_wait': [1, 60] }));
    assert.ok(isNamed(finding));
    assert.match(textsOf(finding, true), /in use 98 %.*waits for a CPU 70 %.*waits 60 % of the time for a core/);
  });

  it('is a suspicion while an application that needs little only has to wait a moment for it', () => {
    const full = { 'host.cpu': [30, 98], 'host.cpu_pressure': [4, 70], 'node.cpu': 4, 'node.run_queue_wait': 25 } as const;
    assert.equal(confidenceOf(hostCpu.evaluate(situation(full))), 0.5);
    assert.equal(confidenceOf(hostCpu.evaluate(situation({ ...full, 'node.event_loop_lag': 12 }))), 0.5);
    assert.ok(isNamed(hostCpu.evaluate(situation({ ...full, 'node.event_loop_lag': 180, 'node.run_queue_wait': 70 }))));
  });

  it('has no limit by a law that another part of the run exceeded: what requests cost was not theirs alone', () => {
    // By what others used at a quarter of the load 7/s were the most: 12/s are answered later.
    const others: Record<string, Course> = { 'host.cpu': [43, 96], 'host.cpu_pressure': 88, 'node.event_loop_lag': 5, 'node.run_queue_wait': 3, 'node.cpu': 4, 'http.throughput': [3, 7.2], 'http.mean': 15 };
    assert.ok(isNamed(hostCpu.evaluate(situation(others))));
    const exceeded = hostCpu.evaluate(situation({ ...others, 'http.throughput': (second) => (second < 20 ? 3 : second < 60 ? 7.2 : 12) }, { judged: [20, 60] , whole: [20, 80] }));
    assert.ok(!isNamed(exceeded));
  });

  it('is named where a control group is held back, whatever the host has left', () => {
    const heldBack = { 'host.cpu': 40, 'host.cpu_throttled': 60 } as const;
    const finding = hostCpu.evaluate(situation({ ...heldBack, 'node.event_loop_lag': 220, 'node.cpu': 48 }));
    assert.match(textsOf(finding, true), /held back in 60 %/);
    assert.ok(isNamed(finding));
    assert.equal(confidenceOf(hostCpu.evaluate(situation(heldBack))), 0.5, 'nobody is known to feel it');
  });

  it('claims no limit of its own where so long a wait comes by chance: two cores in use 65 % are seldom both free', () => {
    const shared: Record<string, Course> = { 'host.cpu': [20, 65], 'node.cpu': [12, 40], 'node.run_queue_wait': [1, 24], 'node.event_loop_lag': [6, 150] };
    assert.equal(confidenceOf(hostCpu.evaluate(situation(shared))), 0);
    assert.ok(isNamed(hostCpu.evaluate(situation({ ...shared, 'node.run_queue_wait': [1, 75] }))));
    assert.ok(isNamed(hostCpu.evaluate(situation({ ...shared, 'host.cpu': [5, 16] }, { cores: 8 }))), 'of eight cores one is free');
  });

  it('is named where a process waits for a core on a host that has CPU left: its own control group has a limit', () => {
    const limited: Record<string, Course> = { 'host.cpu': [8, 20], 'host.cpu_pressure': 5, 'node.cpu': [9, 15], 'node.run_queue_wait': [1, 80], 'node.event_loop_lag': [6, 240], 'node.event_loop_utilization': [9, 97] };
    const finding = hostCpu.evaluate(situation(limited));
    assert.ok(isNamed(finding));
    assert.match(textsOf(finding, true), /waits 80 % of the time for a core, and the host has 80 % of its CPU left: a limit of its own/);
    assert.equal(confidenceOf(hostCpu.evaluate(situation({ ...limited, 'node.event_loop_lag': 9 }))), 0.5, 'nobody is known to feel it');
    assert.equal(confidenceOf(hostCpu.evaluate(situation({ ...limited, 'host.cpu': [30, 85] }))), 0, 'on a host this full whoever is ready waits a moment');
  });

  it('is not named while nobody waits, or while the application’s own thread is what is full', () => {
    assert.ok(confidenceOf(hostCpu.evaluate(situation({ 'host.cpu': 95, 'host.cpu_pressure': 10 }))) < 0.7);
    const own = hostCpu.evaluate(situation({ 'host.cpu': 96, 'host.cpu_pressure': 60, 'node.cpu': 98 }));
    assert.ok(confidenceOf(own) < 0.5);
    assert.match(textsOf(own, false), /the application’s one thread uses 98 %/);
  });

  it('is not named at 85 %', () => assert.equal(confidenceOf(hostCpu.evaluate(situation({ 'host.cpu': 85, 'host.cpu_pressure': 55 }))), 0));
  it('cannot be judged without the host', () => assert.equal(hostCpu.evaluate(situation({ 'node.cpu': 99 })).status, 'not-enough-data'));
});
