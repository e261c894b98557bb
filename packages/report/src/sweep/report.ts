/** A sweep as HTML and as Markdown: what it says, every figure, the curves, how it was trained and where. */
import { factItems, list, table } from '../markdown.ts';
import { factList, htmlTable } from '../page.ts';
import { columnsTable, note, summaryList } from '../sections.ts';
import { points, SWEEP_NOTE, sweepColumns } from './columns.ts';
import { sweepCurves } from './curves.ts';
import { rowLabel, type SweepResult } from './result.ts';
import { sweepSummary } from './summary.ts';

export function sweepTitle({ title }: SweepResult): string {
  return title;
}

/** @param document what the plots are made with: the page's own, or that of a DOM library */
export function sweepSection(result: SweepResult, document: Document): string {
  const [head, ...rows] = trainings(result);
  return [
    summaryList(sweepSummary(result)),
    '<h2>Figures</h2>',
    columnsTable(result.rows, sweepColumns(result)),
    note(SWEEP_NOTE),
    '<h2>Training against test</h2>',
    sweepCurves(result, document),
    '<h2>Every training</h2>',
    htmlTable(head, rows),
    '<h2>How it was trained, and where</h2>',
    factList(facts(result)),
  ].join('\n');
}

export function sweepMarkdown(result: SweepResult): string {
  const [head, ...rows] = trainings(result);
  const columns = head.map((title, i) => {
    return { title, align: i === 0 ? ('left' as const) : ('right' as const), cell: (row: string[]) => row[i] };
  });
  const parts = [
    `## ${sweepTitle(result)}`,
    list(sweepSummary(result)),
    table(result.rows, sweepColumns(result)),
    SWEEP_NOTE,
    '### Every training',
    table(rows, columns),
    '### How it was trained, and where',
    factItems(facts(result)),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** A line for each training, after the heading. */
function trainings(result: SweepResult): string[][] {
  const lines = result.rows.flatMap((row) =>
    row.runs.map((run) => {
      const last = run.log.at(-1);
      const figures =
        last === undefined
          ? ['-', '-', '-', '-']
          : [
              (100 * last.testAccuracy).toFixed(2),
              (100 * last.accuracy).toFixed(2),
              points(100 * (last.accuracy - last.testAccuracy)),
              (run.seconds / 60).toFixed(1),
            ];
      const epochs = `${run.log.length} of ${result.recipe.epochs}`;
      return [rowLabel(row, result), String(run.seed), run.status, epochs, ...figures, run.backend ?? '-'];
    }),
  );
  return [['network', 'seed', 'state', 'epochs', 'test, %', 'train, %', 'gap, points', 'minutes', 'backend'], ...lines];
}

function facts({ name, data, recipe, rows, latencyEnvironment }: SweepResult): Record<string, unknown> {
  const places = rows.flatMap(({ runs }) =>
    runs.flatMap(({ environment }) => (environment === undefined ? [] : [environment])),
  );
  const distinct = [...new Map(places.map((place) => [JSON.stringify(place), place])).values()];
  const trained = distinct.map((place, i) => [distinct.length === 1 ? 'trained' : `trained ${i + 1}`, place]);
  return {
    experiment: name,
    data,
    recipe,
    ...Object.fromEntries(trained),
    ...(latencyEnvironment !== undefined && { latency: latencyEnvironment }),
  };
}
