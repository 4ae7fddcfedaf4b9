import type { Command } from 'commander';
import type { Host } from '../host.ts';

/** `scaleplan demo`: its flags and help; its recipe is loaded when it runs. */
export function declareDemo(program: Command, host: Host, setExitCode: (code: number) => void): void {
  program.command('demo')
    .description('start the bundled reference application and print its addresses; Ctrl-C ends it')
    .option('--plan <id|file>', 'the application of this plan (default: ventures)')
    .option('--phase <id>', 'built as this phase of it is (default: 2)')
    .option('--bottleneck <id>', 'with this bottleneck, for real')
    .option('--experiment <name>', 'with an experiment that Enter begins and ends: kill-instance, database-latency, memory-leak')
    .addHelpText('after', `
Examples:
  scaleplan demo
  scaleplan demo --bottleneck db-connections
  scaleplan demo --plan stolen-tee --phase 1 --experiment kill-instance`)
    .action(async (flags) => setExitCode(await (await import('../commands/demo.ts')).demo(flags, host)));
}
