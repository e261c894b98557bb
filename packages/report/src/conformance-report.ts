/** A conformance run as HTML: the verdict, the coverage matrix by colour, what failed and how to run it again. */
import {
  type ConformanceReport,
  deviceText,
  environmentName,
  gapReasons,
  matrix,
  messageOf,
  type Reason,
  replayCommand,
  simplestFailure,
  skipReasons,
} from '@hetconv/conformance';
import { conformanceStyles } from './conformance-styles.ts';
import { matrixTable, variantTable } from './conformance-tables.ts';
import { figure } from './format.ts';
import { escapeHtml, factList, htmlTable } from './page.ts';

/** Failures shown a backend. */
const SHOWN = 50;

export function conformanceTitle(report: ConformanceReport): string {
  return `HetConv conformance: ${Object.keys(report.backends).join(', ')}`;
}

/** No script and no outside resource; the style comes with it. */
export function conformanceSection(report: ConformanceReport): string {
  const names = Object.keys(report.backends);
  const coverage = matrix(report);
  return [
    `<style>\n${conformanceStyles}</style>`,
    verdict(report),
    matrixTable(coverage),
    '<p>Each number: cases that passed, and r, the worst error in units of 2<sup>-24</sup> Σ|x·w|; above 8 it wants a look. ' +
      'Integers are exactly equal to the float64 reference, other values within a derived bound.</p>',
    ...names.map((name) => failures(name, report)),
    '<h2>Backends</h2>',
    backendTable(report),
    '<h2>Kernel variants</h2>',
    ...names
      .filter((name) => Object.keys(report.backends[name].variants).length > 0)
      .map((name) => variants(name, report)),
    reasons('Known gaps', names, (name) => gapReasons(report.backends[name])),
    reasons('Skipped cases', names, (name) => skipReasons(report.backends[name].skips)),
    '<h2>Where it ran</h2>',
    factList({ ...report.environment, seed: report.seed }),
  ]
    .filter((piece) => piece !== '')
    .join('\n');

  function variants(name: string, { backends }: ConformanceReport): string {
    const count = Object.keys(backends[name].variants).length;
    const open = names.length === 1 ? ' open' : '';
    return `<details${open}><summary>${escapeHtml(name)}: ${count} variants</summary>${variantTable(coverage, name)}</details>`;
  }
}

function verdict({ ok, problems, cases, backends }: ConformanceReport): string {
  const all = Object.values(backends);
  const passed = all.reduce((sum, backend) => sum + backend.passed, 0);
  const absent = all.filter(({ available }) => !available).length;
  const lines = ok
    ? [
        `${passed.toLocaleString('en-US')} checks passed, none failed.`,
        `${cases.toLocaleString('en-US')} cases, ${all.length - absent} of ${all.length} backends ran.`,
      ]
    : problems;
  return `<div class="verdict ${ok ? 'passed' : 'failed'}"><strong>${ok ? 'Right' : 'Failed'}</strong><p>${lines.map(escapeHtml).join('<br>')}</p></div>`;
}

function failures(name: string, { backends, seed }: ConformanceReport): string {
  const all = backends[name].failures;
  const simplest = simplestFailure(all);
  if (simplest === undefined) return '';
  const ordered = [simplest, ...all.filter((failure) => failure !== simplest)];
  const items = ordered.slice(0, SHOWN).map((failure) => {
    const replay = replayCommand(name, failure.id, seed);
    return `<li><code>${escapeHtml(failure.id)}</code><p>${escapeHtml(messageOf(failure))}</p><pre>${escapeHtml(replay)}</pre></li>`;
  });
  const more = ordered.length > SHOWN ? `<p>and ${ordered.length - SHOWN} more</p>` : '';
  const [first, ...rest] = items;
  const others =
    rest.length === 0
      ? ''
      : `<details><summary>${rest.length} more shown</summary><ul>${rest.join('\n')}</ul>${more}</details>`;
  return `<section class="failures"><h2>${escapeHtml(name)}: ${all.length} failed, the smallest first</h2><ul>${first}</ul>${others}</section>`;
}

function backendTable({ backends, environment }: ConformanceReport): string {
  const rows = Object.entries(backends).map(([name, backend]) => {
    const facts = Object.entries(backend.facts).map(([fact, value]) => `${fact} ${value}`);
    const counts = [backend.passed, backend.failed, backend.skipped, backend.xfailed].map((count) =>
      count.toLocaleString('en-US'),
    );
    return [
      name,
      ...counts.map((text, i) => (i === 1 && backend.failed > 0 ? { text, isLoss: true } : text)),
      figure(backend.worstRatio),
      deviceText(backend) ?? 'not measured',
      `${(backend.milliseconds / 1000).toFixed(1)} s`,
      environmentName(backend.environment ?? environment),
      backend.available ? facts.join(', ') || '-' : `not available: ${backend.reason}`,
    ];
  });
  const head = [
    'backend',
    'passed',
    'failed',
    'skipped',
    'known gaps',
    'worst r',
    'precision',
    'time',
    'where',
    'device',
  ];
  return htmlTable(head, rows);
}

function reasons(title: string, names: readonly string[], of: (name: string) => readonly Reason[]): string {
  const items = names.flatMap((name) =>
    of(name).map(({ reason, ids }) => {
      const list = ids.map((id) => `<li><code>${escapeHtml(id)}</code></li>`).join('');
      return `<details><summary>${escapeHtml(name)}, ${ids.length}: ${escapeHtml(reason)}</summary><ul>${list}</ul></details>`;
    }),
  );
  return items.length === 0 ? '' : `<h2>${title}</h2>\n${items.join('\n')}`;
}
