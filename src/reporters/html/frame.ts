import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { escape, jsonForScript } from './escape.ts';
import { STYLE } from './style.ts';

/** What a page is made of; `title` is text, `body` is HTML already. */
interface Page {
  readonly title: string;
  readonly body: string;
  /** What the script finds as JSON in `#chart-data`. */
  readonly data: unknown;
  /** Functions that run in the browser, put in as their own text; the first is called. */
  readonly client: readonly { readonly name: string }[];
}

/** One file that opens offline: the chart library, our script, our style, and a policy that lets nothing else in. */
export async function framed({ title, body, data, client }: Page): Promise<string> {
  const library = await chartLibrary();
  const script = `${library.script}\n(() => {\n${client.map(String).join('\n')}\n${client[0]?.name ?? ''}();\n})();`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policyFor(script)}">
<title>${escape(title)}</title>
<style>${library.style}${STYLE}</style><noscript><style>.charts figure:not(.still), .controls { display: none; }</style></noscript></head>
<body><main>${body}
</main>
<script type="application/json" id="chart-data">${jsonForScript(data)}</script>
<script>${script}</script></body></html>
`;
}

/** Nothing is loaded, nothing is sent, and no script runs but the one that was put here: should a text ever slip through unescaped, it stays dead. */
function policyFor(script: string): string {
  const hash = createHash('sha256').update(script).digest('base64');
  return `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
}

async function chartLibrary(): Promise<{ script: string; style: string }> {
  const folder = join(dirname(createRequire(import.meta.url).resolve('uplot/package.json')), 'dist');
  const [script, style] = await Promise.all([readFile(join(folder, 'uPlot.iife.min.js'), 'utf8'), readFile(join(folder, 'uPlot.min.css'), 'utf8')]);
  return { script, style };
}
