import { faultsError } from '../yaml/check.ts';
import type { Fault } from '../yaml/check.ts';
import { didYouMean } from '../model/nearest.ts';
import type { YamlFile } from '../yaml/read.ts';

/** The only settings in which `${NAME}` is expanded: URLs and headers. */
const EXPANDED = ['target', 'probes', 'headers'];

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The same file with `${NAME}` replaced by what the environment holds, in URLs and headers alone; `$${` stands for `${` itself.
 * Throws `wrong-configuration` for every name that is not set, at its place; values are never shown.
 */
export function expandAll(yaml: YamlFile, env: Environment): YamlFile {
  if (typeof yaml.value !== 'object' || yaml.value === null || Array.isArray(yaml.value)) return yaml;
  const faults: Fault[] = [];
  const expand = (value: unknown, path: readonly (string | number)[]): unknown => {
    if (typeof value === 'string') {
      return value.replace(/\$\$\{|\$\{([^}]*)\}/g, (whole, name?: string) => {
        if (name === undefined) return '${';
        const found = env[name];
        if (found === undefined) faults.push({ place: yaml.place(path), message: notSet(name, path, env) });
        return found ?? whole;
      });
    }
    if (Array.isArray(value)) return value.map((item, index) => expand(item, [...path, index]));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, expand(item, [...path, key])]));
  };
  const entries = Object.entries(yaml.value).map(([key, value]) => [key, EXPANDED.includes(key) ? expand(value, [key]) : value]);
  if (faults.length > 0) throw faultsError(faults, 'wrong-configuration');
  return { ...yaml, value: Object.fromEntries(entries) };
}

function notSet(name: string, path: readonly (string | number)[], env: Environment): string {
  return `${path.join('.')}: the environment variable ${name} is not set${didYouMean(name, Object.keys(env))}`;
}
