/** Stands for a command of ours: starts a child that ignores SIGTERM and has a worker, then ends as it is told. */
import { spawnChild } from '../../src/process/child.ts';
import { makeTempFolder } from '../../src/process/temp-folder.ts';

const STUBBORN = `
  process.on('SIGTERM', () => {});
  const worker = require('child_process').spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => {}); console.log("up"); setInterval(() => {}, 1000)'], { stdio: ['ignore', 'pipe', 'ignore'] });
  worker.stdout.once('data', () => console.log(worker.pid));
  setInterval(() => {}, 1000);
`;

const folder = await makeTempFolder('reaper-test');
const child = spawnChild(process.execPath, ['-e', STUBBORN]);
for await (const line of child.lines) {
  console.log(JSON.stringify({ child: child.pid, worker: Number(line), folder: folder.path }));
  break;
}
const end = process.argv[2];
if (end === 'throw') throw new Error('as asked');
if (end === 'exit') process.exit(0);
