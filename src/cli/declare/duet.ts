import type { Command } from 'commander';
import type { Host } from '../host.ts';
import { declareDecision, declareLoad } from './compare.ts';

/** `scaleplan duet`: its flags and help; its recipe is loaded when it runs. */
export function declareDuet(program: Command, host: Host, setExitCode: (code: number) => void): void {
  const command = program.command('duet <base> <head>').description('two versions under the same load at the same time, half of it each, for two minutes at most');
  declareLoad(declareDecision(command))
    .addHelpText('after', `
Exit codes: 0 no regression, 1 a regression, 4 it cannot tell.

Examples:
  scaleplan duet http://127.0.0.1:3000 http://127.0.0.1:3001 --phase 2
  scaleplan duet http://127.0.0.1:3000 http://127.0.0.1:3001 --phase 2 --rate 100 --metric p50 p95 --json`)
    .action(async (base, head, flags) => setExitCode(await (await import('../commands/duet.ts')).duet(base, head, flags, host)));
}
