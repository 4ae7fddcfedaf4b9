/** A server that does as little as can be done, for rates: answers each chunk it reads with the same bytes. Prints its port. */
import { createServer } from 'node:net';

const ANSWER = Buffer.from('HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 13\r\n\r\nhello, world!');

const server = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => {});
  socket.on('data', () => socket.write(ANSWER));
});
const port = Number(process.argv[2]);
server.listen(port, '127.0.0.1', 1024, () => console.log(String(port)));
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
