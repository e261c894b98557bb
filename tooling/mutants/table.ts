/** The campaign as a document: which family of the suite catches which fault. */
import { fileURLToPath } from 'node:url';
import { FAMILIES, type Family } from '@hetconv/conformance';
import { type Mutant, type Place } from './mutant.ts';
import type { Verdict } from './judge.ts';
import { OPEN } from './list/open.ts';
import type { Results } from './results.ts';

/** Where the document lies. */
export const DOCUMENT: string = fileURLToPath(new URL('../../packages/conformance/MUTANTS.md', import.meta.url));

const PLACES: Readonly<Record<Place, string>> = {
  cpu: 'cpu: plain TypeScript kernels, and the ops around every kernel',
  composed: 'composed: stock tfjs ops on the cpu backend',
  wasm: 'wasm: emitted SIMD kernels, packing, caches',
  webgpu: 'webgpu: WGSL compute shaders',
  webgl: 'webgl: GLSL fragment shaders',
};

type Column = Family | 'whole';
const COLUMNS: readonly Column[] = [...FAMILIES, 'whole'];

const INTRODUCTION = `<!-- Written by \`node tooling/mutants/campaign.ts\`; tests compare it with the mutants and the results. -->
# What the suite catches

Each line is a fault that was put into kernels on purpose. The suite must catch it; a fault that gets away fails the campaign.

● a case of this family fails · none does – the family has no case for this backend ? not asked this time. *whole*: what a run of the whole
suite demands beside its cases (every declared variant has run); asked only where no family catches the fault.

Run it: \`node tooling/mutants/campaign.ts\` (all; software rasterisers take about a minute per GPU mutant), \`--places cpu,wasm\`,
\`--only ID\`. Each mutant is one edit of a source file (\`tooling/mutants/list\`), made while the file is loaded; the file itself is not touched.`;

export function toMarkdown(mutants: readonly Mutant[], results: Results): string {
  const byId = new Map(results.mutants.map((result) => [result.id, result]));
  const places = Object.entries(PLACES).flatMap(([place, title]) => {
    const own = mutants.filter((mutant) => mutant.place === place);
    if (own.length === 0) return [];
    const rows = own.map((mutant) =>
      row(mutant.id, `${mutant.what} (\`${mutant.file.split('/src/')[1]}\`)`, byId.get(mutant.id)),
    );
    const runtime = results.runtimes[place as Place];
    return [`### ${title}\n\n${runtime === undefined ? '' : `Ran in ${runtime}.\n\n`}${table('mutant', rows)}`];
  });
  const judged = mutants.filter(({ id }) => isCaught(byId.get(id)));
  return [
    INTRODUCTION,
    `## Mutants of the real sources: ${judged.length} of ${mutants.length} caught`,
    ...(Object.keys(OPEN).length === 0
      ? []
      : [`Open, each with the case that is missing:\n\n${openLines().join('\n')}`]),
    ...places,
    `## Faults in kernels made from the oracle: ${results.faults.filter(isCaught).length} of ${results.faults.length} caught`,
    'The float64 reference as a backend, with one thing wrong: in the plan it follows, the numbers it reads, or those it writes.',
    table(
      'pass',
      results.faults.map((fault) => faultRow(fault)),
    ),
    '',
  ].join('\n\n');
}

function openLines(): string[] {
  return Object.entries(OPEN).map(([id, missing]) => `- ${id}: ${missing}`);
}

function isCaught(verdict: Verdict | undefined): boolean {
  return verdict !== undefined && Object.keys(verdict.caughtBy).length > 0;
}

function faultRow(fault: Results['faults'][number]): string {
  const colon = fault.name.indexOf(': ');
  return colon < 0 ? row('-', fault.name, fault) : row(fault.name.slice(0, colon), fault.name.slice(colon + 2), fault);
}

function row(name: string, what: string, verdict: Verdict | undefined): string {
  const cells = COLUMNS.map((column) => cell(column, verdict));
  return `| ${[name, what, ...cells].join(' | ')} |`;
}

function cell(column: Column, verdict: Verdict | undefined): string {
  if (verdict === undefined) return '?';
  const { caughtBy, notRun, notAsked } = verdict;
  if (column in caughtBy) return '●';
  if (column === 'whole') return isCaught(verdict) ? '–' : '·';
  if (notAsked.includes(column)) return '?';
  return notRun.includes(column) ? '–' : '·';
}

function table(first: string, rows: readonly string[]): string {
  const head = [first, 'what is wrong', ...COLUMNS];
  const rule = ['---', '---', ...COLUMNS.map(() => ':-:')];
  return [`| ${head.join(' | ')} |`, `| ${rule.join(' | ')} |`, ...rows].join('\n');
}
