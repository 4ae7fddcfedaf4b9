import pg from 'pg';

/** Tables and rows of an application by its own SQL, with fresh statistics for the planner. Throws what PostgreSQL says. */
export async function createTables(databaseUrl: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query(sql);
    await client.query('analyze');
  } finally {
    await client.end();
  }
}
