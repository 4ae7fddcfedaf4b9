import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import pg from 'pg';
import { serve } from './routes.cjs';

// A thread of the application's own inherits --import, and must not get a page of its own.
const thread = new Worker('', { eval: true });
thread.unref();
serve(new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 2 }), { readFileSync, readFile });
