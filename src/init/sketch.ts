/** A request as it will stand in the scenario. Texts may hold `{{ variable }}`. */
export interface SketchRequest {
  readonly name: string;
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** A path that begins with "/". */
  readonly url: string;
  readonly qs: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: { readonly kind: 'json' | 'form' | 'body'; readonly value: unknown } | null;
  /** How long the user looked at what came before; 0: not at all. */
  readonly thinkSeconds: number;
}

export interface SketchJourney {
  readonly name: string;
  readonly requests: readonly SketchRequest[];
}

/** What a scenario is written from: journeys, values to be filled in, and what somebody has to know. */
export interface Sketch {
  /** What it was made from, in words. */
  readonly from: string;
  readonly journeys: readonly SketchJourney[];
  readonly variables: Readonly<Record<string, readonly string[]>>;
  /** A sentence each, written as comments at the top. */
  readonly notes: readonly string[];
}

export const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** Where nothing is known of the routes. */
export function minimalSketch(): Sketch {
  return {
    from: 'nothing but the target: put your routes in the place of /',
    journeys: [{ name: 'visit', requests: [{ name: 'home', method: 'get', url: '/', qs: {}, headers: {}, body: null, thinkSeconds: 0 }] }],
    variables: {}, notes: [],
  };
}

/** A name that YAML, conditions (`{journey=…}`) and CSV take without quotes. */
export function plainName(text: string): string {
  return text.replaceAll(/\{\{?\s*([\w.$]+)\s*\}?\}/g, ':$1').replaceAll(/[^\w/:.-]+/g, '-').replaceAll(/^-+|-+$/g, '') || 'unnamed';
}
