import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseCpu, parseDisks, parsePressure, parseTcp, throttlingFiles } from '../../src/probes/linux-proc.ts';

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
    assert.deepEqual(disks.get('sda'), { reads: 120, readMs: 360 });
  });

  it('finds TCP’s segments by the names of their columns', () => {
    assert.deepEqual(parseTcp('Ip: A B\nIp: 1 2\nTcp: RtoMin OutSegs RetransSegs\nTcp: 200 5000 25\n'), { out: 5000, again: 25 });
    assert.equal(parseTcp('Udp: 1'), null);
  });

  it('looks for a control group’s throttling in both versions, and at the root of a container', () => {
    assert.deepEqual(throttlingFiles('0::/app.slice/x\n'), ['/sys/fs/cgroup/app.slice/x/cpu.stat', '/sys/fs/cgroup/cpu.stat']);
    assert.ok(throttlingFiles('4:cpu,cpuacct:/docker/1\n3:memory:/docker/1\n').includes('/sys/fs/cgroup/cpu,cpuacct/docker/1/cpu.stat'));
  });
});
