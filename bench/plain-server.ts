/** A server that does as little as can be done, for rates: answers each chunk it reads with the same bytes. Prints its port, and on every line it reads how often it has answered. */
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

const ANSWER = Buffer.from('HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 13\r\n\r\nhello, world!');
let answered = 0;

const server = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => {});
  socket.on('data', () => {
    answered += 1;
    socket.write(ANSWER);
  });
});
const port = Number(process.argv[2]);
server.listen(port, '127.0.0.1', 1024, () => console.log(String(port)));
createInterface({ input: process.stdin }).on('line', () => console.log(String(answered))).on('close', () => process.exit(0));
