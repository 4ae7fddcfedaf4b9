import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { findGroup, readGroup } from '../../src/probes/control-group.ts';
import type { GroupFigures } from '../../src/probes/control-group.ts';
import { Counters } from '../../src/probes/counters.ts';
import { hostRates } from '../../src/probes/host-rates.ts';
import { parseCpu, parseDisks, parsePressure, parseRunQueue, parseSockets, parseTcp } from '../../src/probes/linux-proc.ts';

describe('figures of the Linux kernel', () => {
  it('counts steal into the time, waiting for disks not as busy, and guests once', () => {
    const cpu = parseCpu('cpu  100 10 20 500 70 3 7 40 90 9\ncpu0 1 1 1 1\ncpu1 1 1 1 1\nintr 1\n');
    assert.deepEqual(cpu, { busy: 180, total: 750, steal: 40, cores: 2 });
    assert.equal(parseCpu('nothing'), null);
  });

  it('reads the share in which some task was stalled', () => {
    assert.equal(parsePressure('some avg10=1.0 avg60=1.3 avg300=0.5 total=9444424\nfull avg10=0 avg60=0 avg300=0 total=12\n'), 9_444_424);
    assert.equal(parsePressure(''), null);
  });

  it('counts whole devices, not partitions', () => {
    const line = (name: string): string => ` 8 0 ${name} 120 5 900 360 1 2 3 4 0 0 0`;
    const disks = parseDisks(['sda', 'sda1', 'nvme0n1', 'nvme0n1p2', 'vda', 'vda3', 'loop0', 'mmcblk0', 'mmcblk0p1'].map(line).join('\n'));
    assert.deepEqual([...disks.keys()], ['sda', 'nvme0n1', 'vda', 'mmcblk0']);
    assert.deepEqual(disks.get('sda'), { reads: 120, readMs: 360, busyMs: 0 });
  });

  it('finds TCP’s segments by the names of their columns', () => {
    assert.deepEqual(parseTcp('Ip: A B\nIp: 1 2\nTcp: RtoMin OutSegs RetransSegs\nTcp: 200 5000 25\n'), { out: 5000, again: 25 });
    assert.equal(parseTcp('Udp: 1'), null);
  });

  it('adds up what waited in the run queues of all CPUs, and says so where the kernel does not count', () => {
    assert.equal(parseRunQueue('version 17\ntimestamp 1\ncpu0 0 0 0 0 0 0 500 70 3\ndomain0 3 1 2\ncpu1 0 0 0 0 0 0 600 30 4\n'), 100);
    assert.equal(parseRunQueue(''), null);
  });

  it('counts sockets that wait out their closing: they hold a port, too', () => {
    assert.equal(parseSockets('sockets: used 15\nTCP: inuse 7 orphan 0 tw 20 alloc 9 mem 87\nUDP: inuse 3 mem 1\n'), 27);
    assert.equal(parseSockets(''), null);
  });

  it('forms pressure from the total of the tick, not from averages of ten seconds', () => {
    const counters = new Counters<string>();
    counters.advance(new Map([['cpuStalled', 1_000_000], ['runQueueNs', 0]]), 10);
    const growth = counters.advance(new Map([['cpuStalled', 1_400_000], ['runQueueNs', 1e9]]), 11);
    assert.ok(growth);
    const seen = new Map(hostRates(growth, [], 2).map(({ metric, value }) => [metric, value]));
    assert.deepEqual([seen.get('host.cpu_pressure'), seen.get('host.run_queue_wait')], [40, 50]);
    assert.ok(Number.isNaN(seen.get('host.io_pressure')), 'absent, not 0');
  });
});

describe('a control group', () => {
  /** A folder that looks like /sys/fs/cgroup. */
  async function group(t: TestContext, cgroup: string, files: Readonly<Record<string, string>>): Promise<GroupFigures> {
    const root = mkdtempSync(join(tmpdir(), 'scaleplan-test-'));
    t.after(() => rmSync(root, { recursive: true, force: true }));
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), text);
    }
    return readGroup(await findGroup(cgroup, root));
  }

  it('of version 2 counts throttled time in microseconds', async (t) => {
    const seen = await group(t, '0::/app.slice/x\n', {
      'app.slice/x/cpu.stat': 'usage_usec 9\nnr_periods 100\nnr_throttled 25\nthrottled_usec 1500000\n',
      'app.slice/x/memory.current': '900\n', 'app.slice/x/memory.max': '1000\n', 'app.slice/x/memory.stat': 'anon 1\ninactive_file 300\n',
    });
    assert.deepEqual(seen, { periods: 100, throttled: 25, throttledSeconds: 1.5, memoryShare: 0.6 });
  });

  it('of version 1 counts throttled time in nanoseconds, and writes "no limit" as a huge number', async (t) => {
    const seen = await group(t, '4:cpu,cpuacct:/docker/1\n3:memory:/docker/1\n0::/\n', {
      'cpu,cpuacct/docker/1/cpu.stat': 'nr_periods 100\nnr_throttled 25\nthrottled_time 1500000000\n',
      'memory/docker/1/memory.usage_in_bytes': '900\n', 'memory/docker/1/memory.limit_in_bytes': '9223372036854771712\n', 'memory/docker/1/memory.stat': 'total_inactive_file 1\n',
    });
    assert.deepEqual(seen, { periods: 100, throttled: 25, throttledSeconds: 1.5, memoryShare: null });
  });

  it('is found at the root inside a container, where the path is that of the host', async (t) => {
    const seen = await group(t, '0::/kubepods/pod1/abc\n', {
      'cpu.stat': 'nr_periods 10\nnr_throttled 1\nthrottled_usec 5\n', 'memory.current': '500\n', 'memory.max': 'max\n', 'memory.stat': '',
    });
    assert.deepEqual([seen.periods, seen.memoryShare], [10, null]);
  });

  it('tells nothing, and not 0, where there is none', async (t) => {
    const seen = await group(t, '', {});
    assert.ok(Number.isNaN(seen.periods) && Number.isNaN(seen.throttledSeconds) && seen.memoryShare === null);
  });
});
