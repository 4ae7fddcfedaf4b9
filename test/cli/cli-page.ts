import type { Command, Option } from 'commander';

/** docs/cli.md: a section for each command, from the commands as they are declared. */
export function cliPage(program: Command): string {
  const commands = everyCommand(program);
  return [
    '# Commands',
    '',
    'Made from the commands themselves; `scaleplan <command> --help` prints the same. stdout is the result, stderr is progress. What exit codes mean stands in [exit codes](exit-codes.md), what may be configured in [configuration](configuration.md).',
    '',
    ...commands.map((command) => `- [\`${pathOf(command)}\`](#${anchorOf(pathOf(command))}): ${cell(command.description())}`),
    '',
    ...commands.flatMap(sectionOf),
  ].join('\n');
}

/** Depth first, as declared; what only groups others is one, too. */
export function everyCommand(program: Command): Command[] {
  return program.commands.filter((command) => command.name() !== 'help').flatMap((command) => [command, ...everyCommand(command)]);
}

export function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

/** What stands behind the flags in the help: examples and exit codes. */
export function afterHelp(command: Command): string {
  let whole = '';
  command.configureOutput({ writeOut: (text) => { whole += text; } });
  command.outputHelp();
  return whole.slice(command.helpInformation().length).trim();
}

function sectionOf(command: Command): string[] {
  const options = command.createHelp().visibleOptions(command).filter((option) => option.long !== '--help');
  const after = afterHelp(command);
  return [
    `## ${pathOf(command)}`,
    '',
    sentence(command.description()),
    '',
    '```',
    `${pathOf(command)} ${command.usage()}`,
    '```',
    '',
    ...(options.length === 0 ? [] : ['| flag | what it does |', '|---|---|', ...options.map(row), '']),
    ...(after === '' ? [] : ['```', after, '```', '']),
  ];
}

function row(option: Option): string {
  const choices = option.argChoices === undefined ? '' : ` (${option.argChoices.join(', ')})`;
  return `| \`${option.flags.replaceAll('|', '\\|')}\` | ${cell(option.description)}${choices} |`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.?!]$/.test(text) ? '' : '.'}`;
}

function anchorOf(heading: string): string {
  return heading.toLowerCase().replaceAll(/[^\w -]/g, '').replaceAll(' ', '-');
}
