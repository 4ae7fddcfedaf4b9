import { CommanderError, type Command } from 'commander';
import { EXIT, ScaleplanError } from '../errors.ts';
import { createHost, setExitCode, type Host } from './host.ts';
import { createProgram } from './program.ts';

/** argv → command → exit code. The one place that catches. */
export async function main(): Promise<void> {
  const host = createHost();
  setExitCode(await run(host));
}

/** One command line on one host; returns its exit code and throws nothing. */
export async function run(host: Host): Promise<number> {
  let exitCode: number = EXIT.passed;
  try {
    const program = createProgram(host, (code) => { exitCode = code; });
    await program.parseAsync(argvToParse(program, host.argv));
    return exitCode;
  } catch (error) {
    return explain(error, host);
  }
}

/** `scaleplan wacth --help` must not answer with the help of something else: without the flag Commander says that there is no such command. */
function argvToParse(program: Command, argv: readonly string[]): string[] {
  const isUnknown = unknownCommand(program, argv.slice(2));
  return argv.filter((word, at) => !(isUnknown && at >= 2 && (word === '--help' || word === '-h')));
}

/** Whether the words before the first flag name a command that there is not. */
function unknownCommand(program: Command, words: readonly string[]): boolean {
  const [word, ...rest] = words;
  if (word === undefined || word.startsWith('-') || word === 'help' || program.commands.length === 0) return false;
  const command = program.commands.find((one) => one.name() === word || one.aliases().includes(word));
  return command === undefined ? program.registeredArguments.length === 0 : unknownCommand(command, rest);
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
