import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hintForForeign, HTTP, plainly, POSTGRES, REDIS } from '../../src/probes/foreign-server.ts';
import { describeRefusal } from '../../src/probes/postgres-role.ts';
import { describeRedisRefusal } from '../../src/probes/redis-connection.ts';

/** As the drivers throw them. */
const failure = (message: string, code?: string): Error => Object.assign(new Error(message), code === undefined ? {} : { code });
const ADDRESS = 'postgres://watcher:pass-word-1@db.example:5432/shop';

describe('what a refused probe is told', () => {
  it('a pooler’s own limit, which it reports as an internal error, is not taken for PostgreSQL’s', () => {
    for (const message of ['MaxClientsInSessionMode: max clients reached - in Session mode max clients are limited to pool_size', 'no more connections allowed (max_client_conn)']) {
      const { hint, message: said } = describeRefusal(failure(message, 'XX000'), ADDRESS);
      assert.match(hint ?? '', /limit of a pooler, not of PostgreSQL/);
      assert.match(said, /db\.example:5432 refused the probe/);
    }
  });

  it('full slots and the limit of a role have one code and two remedies', () => {
    assert.match(describeRefusal(failure('sorry, too many clients already', '53300'), ADDRESS).hint ?? '', /Start the probe before the load/);
    assert.match(describeRefusal(failure('remaining connection slots are reserved for roles with the SUPERUSER attribute', '53300'), ADDRESS).hint ?? '', /Start the probe before the load/);
    assert.match(describeRefusal(failure('too many connections for role "watcher"', '53300'), ADDRESS).hint ?? '', /CONNECTION LIMIT: raise it/);
  });

  it('TLS where there is none, none where there is, a certificate nobody trusts, a server of another kind and a name nobody knows are told apart', () => {
    assert.match(hintForForeign('The server does not support SSL connections', POSTGRES) ?? '', /does not speak TLS: write the address without sslmode/);
    assert.match(hintForForeign(plainly('40A7:error:0A00010B:SSL routines:tls_validate_record_header:wrong version number:../x.c:77:\n'), HTTP) ?? '', /does not speak TLS: write http:\/\//);
    assert.match(hintForForeign('Connection is closed.', REDIS) ?? '', /does not speak Redis’s protocol, or only with TLS \(rediss:\/\/\)/);
    assert.match(hintForForeign('write EPIPE', REDIS) ?? '', /does not speak Redis’s protocol/);
    assert.match(hintForForeign('self-signed certificate', HTTP) ?? '', /NODE_EXTRA_CA_CERTS/);
    assert.match(hintForForeign('timeout expired', POSTGRES) ?? '', /does not speak PostgreSQL’s protocol, .* or a firewall/);
    assert.equal(hintForForeign('getaddrinfo ENOTFOUND db', POSTGRES), 'The host name is not known here.');
    assert.equal(hintForForeign('something else', HTTP), null);
  });

  it('a right that is missing in Redis comes as the line for this user, of this queue, in this cluster', () => {
    const hint = (address: string, message: string): string => describeRedisRefusal(failure(message), address).hint ?? '';
    assert.match(hint('redis://looker:x@h:1', "NOPERM this user has no permissions to run the 'info' command"), /: ACL SETUSER looker \+info \+slowlog\|get$/);
    assert.match(hint('redis://looker:x@h:1', "NOPERM this user has no permissions to run the 'cluster|nodes' command"), /\+info \+slowlog\|get \+cluster\|nodes$/);
    assert.match(hint('redis://looker:x@h:1?queue=mail&prefix=jobs', 'NOPERM No permissions to access a key'), /ACL SETUSER looker ~jobs:mail:\* \+llen /);
  });
});
