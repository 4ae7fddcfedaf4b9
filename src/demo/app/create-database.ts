import { randomBytes } from 'node:crypto';
import pg from 'pg';

export interface DatabaseUrls {
  /** For the application: owner of its database and nothing else. */
  readonly appUrl: string;
  /** For whoever watches the server: a member of pg_monitor with at most two connections, as a team would give to a monitoring tool. */
  readonly monitorUrl: string;
}

/** Makes the application's database with its two roles; `name` is an SQL name that needs no quotes. `superuserUrl` is used for this alone. */
export async function createDatabase(superuserUrl: string, name: string): Promise<DatabaseUrls> {
  const [appPassword, monitorPassword] = [password(), password()];
  const client = new pg.Client({ connectionString: superuserUrl });
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query(`create role ${name} login password '${appPassword}'`);
    await client.query(`create database ${name} owner ${name}`);
    await client.query(`create role monitor login connection limit 2 password '${monitorPassword}'`);
    await client.query('grant pg_monitor to monitor');
  } finally {
    await client.end();
  }
  return { appUrl: urlFor(superuserUrl, name, { user: name, secret: appPassword }), monitorUrl: urlFor(superuserUrl, name, { user: 'monitor', secret: monitorPassword }) };
}

/** Base64url: no character that a URL or a quoted SQL string would need escaped. */
function password(): string {
  return randomBytes(18).toString('base64url');
}

function urlFor(superuserUrl: string, database: string, { user, secret }: { readonly user: string; readonly secret: string }): string {
  const url = new URL(superuserUrl);
  url.username = user;
  url.password = secret;
  url.pathname = `/${database}`;
  return url.href;
}
