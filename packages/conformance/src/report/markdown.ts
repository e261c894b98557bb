/** A report as Markdown: the verdict, the matrix, every failure with the command that replays it. A pure function of the report. */
import { type CellState, matrix, type Matrix, type MatrixCell } from './matrix.ts';
import { environmentName } from './environment-name.ts';
import {
  deviceText,
  gapReasons,
  messageOf,
  type Reason,
  replayCommand,
  simplestFailure,
  skipReasons,
} from './failures.ts';
import type { BackendReport, ConformanceReport } from './report.ts';

/** Cells without counts. */
const SHORT: Readonly<Record<CellState, string>> = {
  passed: 'passed',
  failed: '**✗** never run',
  gaps: 'gaps',
  skipped: 'skipped',
  absent: 'n/a',
  missing: 'not run',
};

/** Failures shown in full, a backend. */
const SHOWN = 20;
/** Ids shown a reason. */
const SHOWN_IDS = 3;

export function toMarkdown(report: ConformanceReport): string {
  const coverage = matrix(report);
  const names = Object.keys(report.backends);
  const verdict = report.ok ? 'Everything that ran is right.' : `**Failed:** ${text(report.problems.join('; '))}`;
  return `${[
    '# HetConv conformance',
    `${verdict} ${report.cases} cases, seed ${report.seed}.`,
    overview(coverage),
    '`r`: worst error in units of 2^-24 times the sum of absolute products; above 8 it wants a look.',
    '## Backends',
    markdownTable(
      ['backend', 'where', 'passed', 'failed', 'skipped', 'known gaps', 'worst r', 'precision', 'seconds'],
      names.map((name) => backendRow(name, report)),
    ),
    ...names.flatMap((name) => failureLines(name, report)),
    ...names.flatMap((name) => reasonLines(name, report.backends[name])),
    ...names.flatMap((name) => variantLines(name, coverage)),
  ].join('\n\n')}\n`;
}

/** Families down, backends across. */
function overview({ columns, rows }: Matrix): string {
  const shown = [...columns.keys()].filter((i) => columns[i].variant === undefined);
  return markdownTable(
    ['family', ...shown.map((i) => columns[i].backend)],
    rows.map(({ family, cells, details }) => [
      family,
      ...shown.map((i) => (details[i].state === 'failed' ? `**✗** ${text(cells[i])}` : text(cells[i]))),
    ]),
  );
}

/** Variants down, families across: there are more variants than a page is wide. */
function variantLines(name: string, { columns, rows }: Matrix): string[] {
  const shown = [...columns.keys()].filter((i) => columns[i].backend === name && columns[i].variant !== undefined);
  if (shown.length === 0) return [];
  const variants = markdownTable(
    ['variant', ...rows.map(({ family }) => family)],
    shown.map((i) => [columns[i].variant ?? '', ...rows.map(({ details }) => shortCell(details[i]))]),
  );
  return [`<details><summary>${text(name)}: variants</summary>\n\n${variants}\n\n</details>`];
}

function shortCell({ state, counts }: MatrixCell): string {
  if (counts === undefined) return SHORT[state];
  const { passed, failed, xfailed, worstRatio } = counts;
  const gaps = xfailed > 0 ? `, ${xfailed} gaps` : '';
  const ratio = worstRatio > 0 ? `, r ${worstRatio.toFixed(1)}` : '';
  return failed > 0 ? `**✗ ${failed}** of ${passed + failed}` : `${passed}${gaps}${ratio}`;
}

function backendRow(name: string, { backends, environment }: ConformanceReport): string[] {
  const backend = backends[name];
  const { passed, failed, skipped, xfailed, worstRatio, milliseconds, available, reason = '' } = backend;
  const where = environmentName(backend.environment ?? environment);
  if (!available) return [name, where, `not available: ${text(reason)}`, `${failed}`, '-', '-', '-', '-', '-'];
  const counts = [passed, failed, skipped, xfailed].map(String);
  return [
    name,
    where,
    ...counts,
    worstRatio.toFixed(1),
    deviceText(backend) ?? 'not measured',
    (milliseconds / 1000).toFixed(1),
  ];
}

function failureLines(name: string, { backends, seed }: ConformanceReport): string[] {
  const { failures } = backends[name];
  const simplest = simplestFailure(failures);
  if (simplest === undefined) return [];
  const ordered = [simplest, ...failures.filter((failure) => failure !== simplest)];
  const items = ordered
    .slice(0, SHOWN)
    .map(
      (failure) => `- \`${failure.id}\`\n  ${text(messageOf(failure))}\n  \`${replayCommand(name, failure.id, seed)}\``,
    );
  const more = ordered.length - items.length;
  return [
    `## ${name}: ${count(failures.length, 'failure')}, the smallest first`,
    [...items, ...(more > 0 ? [`- and ${more} more`] : [])].join('\n'),
  ];
}

function reasonLines(name: string, backend: BackendReport): string[] {
  const lines = [
    ...skipReasons(backend.skips).map((reason) => reasonLine('skipped case', reason)),
    ...gapReasons(backend).map((reason) => reasonLine('known gap', reason)),
  ];
  return lines.length === 0 ? [] : [`## ${name}: skipped cases and known gaps`, lines.join('\n')];
}

function reasonLine(kind: string, { reason, ids }: Reason): string {
  const shown = ids.slice(0, SHOWN_IDS).map((id) => `\`${id}\``);
  return `- ${count(ids.length, kind)}: ${text(reason)} (${shown.join(', ')}${ids.length > SHOWN_IDS ? ', ...' : ''})`;
}

function count(many: number, what: string): string {
  return `${many} ${what}${many === 1 ? '' : 's'}`;
}

function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** What comes from data stays text: no table cell, tag or line ends in it. */
function text(value: string): string {
  return value
    .replaceAll('|', '\\|')
    .replaceAll('<', '&lt;')
    .replace(/\s*\n\s*/g, ' ');
}
