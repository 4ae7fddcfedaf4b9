import { CommanderError } from 'commander';
import { EXIT, ScaleplanError } from '../errors.ts';
import { createHost, setExitCode, type Host } from './host.ts';
import { createProgram } from './program.ts';

/** argv → command → exit code. The one place that catches. */
export async function main(): Promise<void> {
  const host = createHost();
  setExitCode(await run(host));
}

async function run(host: Host): Promise<number> {
  let exitCode: number = EXIT.passed;
  try {
    await createProgram(host, (code) => { exitCode = code; }).parseAsync([...host.argv]);
    return exitCode;
  } catch (error) {
    return explain(error, host);
  }
}

/** Known errors in two lines without a stack; unknown ones are bugs of ours and keep it. */
function explain(error: unknown, host: Host): number {
  const { chalk, write } = host.err;
  // Commander has printed its own message; its default for wrong usage is 1, which here means "too slow".
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.passed : EXIT.usage;
  if (error instanceof ScaleplanError) {
    write(`${chalk.red('error')} ${error.message}\n`);
    if (error.hint) write(`      ${error.hint}\n`);
    return error.exitCode;
  }
  write(`${chalk.red('error')} scaleplan itself failed; please report this:\n${error instanceof Error ? error.stack : String(error)}\n`);
  return EXIT.invalid;
}
