#!/usr/bin/env node
import { existsSync } from 'node:fs';
import module from 'node:module';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  // Older ones install it with a warning that few read, and break somewhere in the middle of a run.
  console.error(`error scaleplan needs Node 22.18 or newer, this is Node ${process.versions.node}\n      Install a newer one: https://nodejs.org`);
  process.exit(3);
}
// A quarter of a short command's time is compiling; Node keeps the result from the second call on.
module.enableCompileCache?.();
// A clone runs its sources as they are, the package what was compiled from them.
const source = new URL('../src/cli/main.ts', import.meta.url);
const { main } = await import(existsSync(source) ? source.href : '../dist/cli/main.js');
await main();
