import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { privilegesFor } from '../../src/probes/privileges.ts';
import { PROBE_KINDS } from '../../src/probes/registry.ts';

describe('least privilege', () => {
  it('is said for the user of the address, quoted where it must be', () => {
    assert.deepEqual(privilegesFor({ kind: 'postgres', address: 'postgres://Odd%20Role:secret-1@h/db' })?.lines.slice(0, 2), [
      'CREATE ROLE "Odd Role" LOGIN PASSWORD \'…\' CONNECTION LIMIT 2;', 'GRANT pg_monitor TO "Odd Role";',
    ]);
    assert.deepEqual(privilegesFor({ kind: 'pgbouncer', address: 'postgres://stats@h:6432' })?.lines, ['stats_users = stats']);
    assert.match(privilegesFor({ kind: 'bullmq', address: 'redis://h?queue=mail&prefix=jobs' })?.lines[0] ?? '', /^ACL SETUSER scaleplan on >… -@all ~jobs:mail:\* \+llen /);
    assert.match(privilegesFor({ kind: 'redis', address: 'redis://default:x@h' })?.lines[0] ?? '', /^ACL SETUSER scaleplan .* \+info \+slowlog\|get$/, 'the user that may do everything is not cut down');
    assert.equal(privilegesFor({ kind: 'host', address: 'local' }), null);
  });

  it('repeats no password, of no kind of probe', () => {
    for (const kind of PROBE_KINDS) {
      const text = JSON.stringify(privilegesFor({ kind, address: 'redis://me:pass-word-1@h:1/x?queue=q&api-key=key-12345' }));
      assert.doesNotMatch(text ?? '', /pass-word-1|key-12345/);
    }
  });
});
