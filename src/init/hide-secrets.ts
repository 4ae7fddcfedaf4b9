import { isSecretName } from '../model/redact.ts';

/** A recording holds what the user typed: whatever is called a secret becomes a variable of the environment. */
export function hideSecrets(value: unknown, hidden: Set<string>, name = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => hideSecrets(item, hidden, name));
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, hideSecrets(item, hidden, key)]));
  if (name === '' || !isSecretName(name) || value === null || value === '') return value;
  const variable = name.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').replaceAll(/\W+/g, '_').toUpperCase();
  hidden.add(variable);
  return `{{ $env.${variable} }}`;
}
