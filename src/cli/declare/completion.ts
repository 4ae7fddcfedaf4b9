import { Argument, type Command } from 'commander';
import type { Host } from '../host.ts';

/** `scaleplan completion`: made from the commands as they are declared; its recipe is loaded when it runs. */
export function declareCompletion(program: Command, host: Host, setExitCode: (code: number) => void): void {
  program.command('completion')
    .description('commands, flags and known names completed by your shell')
    .addArgument(new Argument('<shell>', 'your shell').choices(['bash', 'zsh', 'fish']))
    .addHelpText('after', `
Examples:
  source <(scaleplan completion bash)                                        # for good: in ~/.bashrc
  source <(scaleplan completion zsh)                                         # for good: in ~/.zshrc, behind compinit
  scaleplan completion fish > ~/.config/fish/completions/scaleplan.fish`)
    .action(async (shell) => setExitCode(await (await import('../commands/completion.ts')).completion(shell, program, host)));
}
