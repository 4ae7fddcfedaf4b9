'use strict';
const crypto = require('node:crypto');
const { createServer } = require('node:http');

/** What the applications of the preload's tests do, with the pool and the file functions each of them came by in its own way. */
exports.serve = (pool, { readFileSync, readFile }) => {
  createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    if (pathname === '/query') await pool.query('select pg_sleep(0.5)');
    if (pathname === '/checkout') {
      const client = await pool.connect();
      await client.query('select 1');
      client.release();
    }
    if (pathname === '/block') for (const until = Date.now() + 1500; Date.now() < until;);
    if (pathname === '/sync') {
      for (let index = 0; index < 20; index += 1) readFileSync(__filename);
      crypto.pbkdf2Sync('password', 'salt', 200_000, 64, 'sha512');
    }
    if (pathname === '/read') for (let index = 0; index < 10; index += 1) await readFile(__filename);
    response.end('ok');
  }).listen(Number(process.argv[2]), '127.0.0.1');
};
