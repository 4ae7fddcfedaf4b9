import type { Command } from 'commander';
import type { Host } from '../host.ts';

/** `scaleplan init`: its flags and help; its recipe is loaded when it runs. */
export function declareInit(program: Command, host: Host, setExitCode: (code: number) => void): void {
  program.command('init')
    .description('a configuration, a plan, a scenario and a CI workflow for this repository; overwrites nothing')
    .option('--plan <id>', 'the bundled plan that yours extends (default: ventures)')
    .option('--id <id>', 'id of your plan (default: the name of the package, else of the folder)')
    .option('--users <n>', 'users there are now: they choose the phase (default: the first)')
    .option('--phase <id>', 'phase to test')
    .option('-t, --target <url>', 'system to load (default: http://127.0.0.1:3000)')
    .option('--openapi <file>', 'routes from an OpenAPI description')
    .option('--har <file>', 'routes from a recording of a browser’s network tab')
    .option('--writes', 'take requests that write (POST, PUT, PATCH, DELETE) over, too')
    .option('--probe <kind=address...>', 'servers to read, e.g. redis=redis://127.0.0.1:6379; passwords are not written down')
    .option('--allow-target <host...>', 'a host beyond loopback and private addresses that is yours to load')
    .option('--no-ci', 'no workflow')
    .option('--yes', 'ask nothing')
    .option('--json', 'as JSON: the files and what was done with each')
    .addHelpText('after', `
In a terminal it asks for what no flag says; elsewhere it takes the defaults.

Examples:
  scaleplan init
  scaleplan init --plan stolen-tee --users 400 --openapi openapi.yaml --target http://127.0.0.1:8080
  scaleplan init --har visit.har --writes --probe postgres=postgres://scaleplan@127.0.0.1:5432/shop --yes`)
    .action(async (flags) => setExitCode(await (await import('../commands/init.ts')).init(flags, host)));
}
