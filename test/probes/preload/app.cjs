'use strict';
const fs = require('node:fs');
const { Pool } = require('pg');
const { serve } = require('./routes.cjs');

serve(new Pool({ connectionString: process.env.DATABASE_URL, max: 2 }), { readFileSync: fs.readFileSync, readFile: fs.promises.readFile });
