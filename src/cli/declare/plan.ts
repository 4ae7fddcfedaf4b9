import type { Command } from 'commander';
import type { Host } from '../host.ts';

/** `scaleplan plan`: its flags and help; its recipe is loaded when it runs. */
export function declarePlan(program: Command, host: Host, setExitCode: (code: number) => void): void {
  const plan = program.command('plan').description('look at plans')
    .addHelpText('after', `
Examples:
  scaleplan plan list
  scaleplan plan show ventures --phase 2
  scaleplan plan check ./plan.yaml`);
  plan.command('list').description('the plans that ship with scaleplan')
    .option('--json', 'as JSON')
    .addHelpText('after', `
Example:
  scaleplan plan list --json`)
    .action(async (flags) => setExitCode(await (await import('../commands/plan.ts')).listPlans(flags, host)));
  plan.command('show [plan]').description('one plan, or one phase of it')
    .option('--phase <id>', 'this phase alone')
    .option('--metrics', 'the metrics a condition may name')
    .option('--json', 'as JSON')
    .addHelpText('after', `
Examples:
  scaleplan plan show walls
  scaleplan plan show ./plan.yaml --phase 2 --json
  scaleplan plan show --metrics`)
    .action(async (id, flags) => setExitCode(await (await import('../commands/plan.ts')).showPlan(id, flags, host)));
  plan.command('schema').description('the JSON Schema of plan files, for editors that complete as you type')
    .addHelpText('after', `
Example:
  scaleplan plan schema > plan.schema.json`)
    .action(async () => setExitCode((await import('../commands/plan.ts')).planSchema(host)));
  plan.command('check <file>').description('check a plan file; errors with file:line:col')
    .option('--json', 'as JSON')
    .addHelpText('after', `
Examples:
  scaleplan plan check ./plan.yaml
  scaleplan plan check ./plan.yaml --json`)
    .action(async (file, flags) => setExitCode(await (await import('../commands/plan.ts')).checkPlan(file, flags, host)));
}
