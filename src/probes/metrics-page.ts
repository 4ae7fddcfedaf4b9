import type { Family, FamilyType, MetricsText, TextSample } from './prometheus-text.ts';
import { sumHistogram } from './server-histogram.ts';
import type { ServerHistogram } from './server-histogram.ts';

/** A page of metrics by the names of its lines: dots are underscores, and the `_total` of a counter may be there or not. */
export class MetricsPage {
  readonly #samples = new Map<string, TextSample[]>();
  readonly #families = new Map<string, Family>();

  constructor({ families }: MetricsText) {
    for (const family of families.values()) {
      this.#families.set(plain(family.name), family);
      for (const sample of family.samples) {
        const name = plain(sample.name);
        const known = this.#samples.get(name);
        if (known === undefined) this.#samples.set(name, [sample]);
        else known.push(sample);
      }
    }
  }

  /** The first of the names under which there are figures, as it stands on the page; null where there is none. */
  find(names: readonly string[], suffix = ''): string | null {
    for (const name of names) {
      for (const candidate of [`${plain(name)}${suffix}`, `${plain(name)}_total`]) if (this.#samples.has(candidate)) return candidate;
    }
    return null;
  }

  /** Sum of all series of a name, or of those of which a label has one of the values; NaN where there is none. */
  sum(name: string, where?: readonly string[]): number {
    const series = (this.#samples.get(name) ?? []).filter(({ labels, value }) =>
      !Number.isNaN(value) && (where === undefined || Object.values(labels).some((label) => where.includes(label))));
    return series.length === 0 ? Number.NaN : series.reduce((sum, { value }) => sum + value, 0);
  }

  typeOf(name: string): FamilyType | null {
    return this.#families.get(plain(name))?.type ?? null;
  }

  /** All series of a histogram together, or null. */
  histogram(name: string): ServerHistogram | null {
    const family = this.#families.get(plain(name));
    return family?.type === 'histogram' ? sumHistogram(family, () => true) : null;
  }
}

function plain(name: string): string {
  return name.replaceAll('.', '_');
}
