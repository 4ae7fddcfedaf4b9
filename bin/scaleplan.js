#!/usr/bin/env node
import { existsSync } from 'node:fs';
import module from 'node:module';

// A quarter of a short command's time is compiling; Node keeps the result from the second call on.
module.enableCompileCache?.();
// A clone runs its sources as they are, the package what was compiled from them.
const source = new URL('../src/cli/main.ts', import.meta.url);
const { main } = await import(existsSync(source) ? source.href : '../dist/cli/main.js');
await main();
