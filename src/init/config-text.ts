import { isSecretName } from '../model/redact.ts';

export interface OwnConfiguration {
  readonly plan: string;
  readonly phase: string;
  readonly target: string;
  readonly allowedTargets: readonly string[];
  readonly probes: readonly { readonly kind: string; readonly address: string }[];
  /** Whether the routes ask for a login. */
  readonly wantsLogin: boolean;
}

export interface ConfigurationText {
  readonly text: string;
  /** Variables that must be set, because a password was not written down. */
  readonly variables: readonly string[];
}

/** `scaleplan.config.yaml`; a password in an address becomes a variable, because the file goes into a repository. */
export function configurationText({ plan, phase, target, allowedTargets, probes, wantsLogin }: OwnConfiguration): ConfigurationText {
  const variables: string[] = [];
  const byKind = [...Map.groupBy(probes, ({ kind }) => kind)];
  const lines = byKind.map(([kind, own]) => {
    const addresses = own.map(({ address }) => JSON.stringify(withoutPassword(kind, address, variables)));
    return `  ${kind}: ${addresses.length === 1 ? addresses[0] : `[${addresses.join(', ')}]`}`;
  });
  const text = [
    '# What scaleplan test takes where no flag says otherwise. ${NAME} stands for a variable of the environment.',
    `plan: ${plan}`,
    `phase: "${phase}"`,
    `target: ${JSON.stringify(withoutPassword('target', target, variables))}`,
    ...(allowedTargets.length > 0 ? [`allowedTargets: [${allowedTargets.map((host) => JSON.stringify(host)).join(', ')}]`] : ['# allowedTargets: [staging.example.org]   # a host beyond loopback and private addresses that is yours to load']),
    ...(wantsLogin ? ['# headers:', '#   authorization: Bearer ${TOKEN}'] : []),
    '# Servers to read while the load runs: they tell which bottleneck it is.',
    lines.length === 0 ? '# probes:' : 'probes:',
    ...lines,
    ...OTHERS.filter(([kind]) => !byKind.some(([known]) => known === kind)).map(([kind, example]) => `#   ${kind}: ${example}`),
    '',
  ].join('\n');
  return { text, variables: [...new Set(variables)] };
}

const OTHERS = [
  ['node', 'http://127.0.0.1:3000/metrics'], ['postgres', 'postgres://scaleplan:${DB_PASSWORD}@127.0.0.1:5432/shop'],
  ['redis', 'redis://127.0.0.1:6379'], ['prometheus', 'http://127.0.0.1:9090'],
] as const;

function withoutPassword(kind: string, address: string, variables: string[]): string {
  const variable = `${kind.toUpperCase()}_PASSWORD`;
  const hide = (_: string, before: string): string => {
    variables.push(variable);
    return `${before}\${${variable}}`;
  };
  return address.replaceAll('${', '$${')
    .replace(/^([a-z][a-z0-9+.-]*:\/\/[^:/@]*:)[^@/]+(?=@)/i, hide)
    .replaceAll(/([?&]([^=&#]+)=)[^&#]+/g, (whole: string, before: string, name: string) => (isSecretName(name) ? hide(whole, before) : whole));
}
