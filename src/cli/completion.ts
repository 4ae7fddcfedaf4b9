/** A command as a shell completes it. */
export interface Completed {
  /** Empty for the program itself. */
  readonly path: readonly string[];
  readonly description: string;
  readonly subcommands: readonly { readonly name: string; readonly description: string }[];
  /** What may stand in the place of an argument, where that is known. */
  readonly arguments: readonly string[];
  readonly flags: readonly Flag[];
}

interface Flag {
  readonly long: string;
  readonly short: string | null;
  readonly description: string;
  readonly takesValue: boolean;
  /** Known values; a file or anything else may stand there, too. */
  readonly values: readonly string[];
}

/** For bash 3.2 and newer. Where nothing of ours fits, files are completed. */
export function bashScript(commands: readonly Completed[]): string {
  const valueCases = valuesByFlag(commands).map(([flags, values]) => `    ${flags}) COMPREPLY=($(compgen -W "${values.join(' ')}" -- "$cur")); return ;;`);
  const cases = commands.map((one) => `    "${one.path.join(' ')}") COMPREPLY=($(compgen -W "${wordsOf(one).join(' ')}" -- "$cur")) ;;`);
  return `# scaleplan completion bash
_scaleplan() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" where="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$where $word" in
      ${pathsIn(commands).join('|')}) where="\${where:+$where }$word" ;;
    esac
  done
  COMPREPLY=()
  case "$prev" in
${valueCases.join('\n')}
  esac
  case "$where" in
${cases.join('\n')}
  esac
}
complete -o default -F _scaleplan scaleplan
`;
}

/** Works from an fpath as well as sourced. */
export function zshScript(commands: readonly Completed[]): string {
  const valueCases = valuesByFlag(commands).map(([flags, values]) => `    ${flags}) compadd -- ${values.join(' ')}; _files; return ;;`);
  const cases = commands.map((one) => {
    const words = [...one.subcommands.map(({ name, description }) => [name, description]), ...one.arguments.map((word) => [word, '']), ...one.flags.map(({ long, description }) => [long, description])];
    return `    "${one.path.join(' ')}") list=(${words.map(([word, description]) => quote(`${word ?? ''}:${(description ?? '').replaceAll(':', '\\:')}`)).join(' ')}) ;;`;
  });
  return `#compdef scaleplan
# scaleplan completion zsh
_scaleplan() {
  local where="" word prev="\${words[CURRENT-1]}"
  local -a list
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$where $word" in
      ${pathsIn(commands).join('|')}) where="\${where:+$where }$word" ;;
    esac
  done
  case "$prev" in
${valueCases.join('\n')}
  esac
  case "$where" in
${cases.join('\n')}
  esac
  _describe scaleplan list || _files
}
if [ "\${funcstack[1]}" = "_scaleplan" ]; then _scaleplan "$@"; else compdef _scaleplan scaleplan; fi
`;
}

export function fishScript(commands: readonly Completed[]): string {
  const lines = commands.flatMap((one) => {
    const when = conditionOf(one);
    const words = [...one.subcommands, ...one.arguments.map((name) => ({ name, description: '' }))];
    return [
      ...words.map(({ name, description }) => `complete -c scaleplan -f -n ${quote(when)} -a ${quote(name)} -d ${quote(description)}`),
      ...one.flags.map(({ long, short, description, takesValue, values }) => [
        `complete -c scaleplan -n ${quote(when)} -l ${long.replace(/^--/, '')}`, ...(short === null ? [] : [`-s ${short.replace(/^-/, '')}`]),
        ...(takesValue ? ['-r'] : []), ...(values.length > 0 ? [`-a ${quote(values.join(' '))}`] : []), `-d ${quote(description)}`,
      ].join(' ')),
    ];
  });
  return `# scaleplan completion fish\n${lines.join('\n')}\n`;
}

/** A command is complete up to a word once that word stands, and none of its subcommands does. */
function conditionOf({ path, subcommands }: Completed): string {
  if (path.length === 0) return '__fish_use_subcommand';
  const seen = path.map((word) => `__fish_seen_subcommand_from ${word}`);
  const open = subcommands.length === 0 ? [] : [`not __fish_seen_subcommand_from ${subcommands.map(({ name }) => name).join(' ')}`];
  return [...seen, ...open].join('; and ');
}

/** `" test"`, `"plan show"`: what is known before the word, and the word. */
function pathsIn(commands: readonly Completed[]): string[] {
  return commands.filter(({ path }) => path.length > 0).map(({ path }) => `"${path.slice(0, -1).join(' ')} ${path.at(-1) ?? ''}"`);
}

/** The same flag takes the same values wherever it stands; where two commands differ, both are offered. */
function valuesByFlag(commands: readonly Completed[]): [string, readonly string[]][] {
  const known = commands.flatMap(({ flags }) => flags.filter(({ values }) => values.length > 0));
  return [...Map.groupBy(known, ({ long }) => long)].map(([long, own]) => {
    const short = own.find((flag) => flag.short !== null)?.short ?? null;
    return [short === null ? long : `${long}|${short}`, [...new Set(own.flatMap(({ values }) => values))]];
  });
}

function wordsOf(one: Completed): string[] {
  return [...one.subcommands.map(({ name }) => name), ...one.arguments, ...one.flags.flatMap(({ long, short }) => (short === null ? [long] : [long, short]))];
}

function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
