/** Bare autocannon in a process of its own, as its command runs it: `node autocannon-bare.ts URL CONNECTIONS SECONDS`; prints requests per second. */
import autocannon from 'autocannon';

const [, , url = '', connections, seconds] = process.argv;
const result = await autocannon({ url, connections: Number(connections), duration: Number(seconds) });
console.log(String(result.requests.total / result.duration));
