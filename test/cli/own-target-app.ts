import { createServer } from 'node:http';
import { argv, env } from 'node:process';
import pg from 'pg';

/**
 * Somebody's own application, with nothing of ours in it: plain node:http before a small pool, no metrics page.
 * Every answer needs one statement that holds a connection for 200 ms, so that three connections carry 15 a second.
 */
const HELD_SECONDS = 0.2;

const pool = new pg.Pool({ connectionString: env['DATABASE_URL'] ?? '', max: Number(env['POOL_SIZE']) });
pool.on('error', () => {});

const server = createServer((request, response) => {
  pool.query('select price, pg_sleep($1) from goods where id = $2', [HELD_SECONDS, Number(request.url?.slice('/goods/'.length)) || 1]).then(
    ({ rows }) => response.setHeader('content-type', 'application/json').end(JSON.stringify(rows[0] ?? {})),
    () => { response.statusCode = 500; response.end('{}'); },
  );
});

server.listen(Number(argv[2]), '127.0.0.1');
