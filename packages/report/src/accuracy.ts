/** What a benchmark of trained networks says of how often they are right: a column, its note, and lines of the summary. */
import type { ModelRow } from '@hetconv/bench';
import type { Column } from './columns.ts';
import { percent } from './format.ts';
import type { SummaryLine } from './summary.ts';

/** A row that was measured on labelled images. */
type LabelledRow = ModelRow & Required<Pick<ModelRow, 'accuracy' | 'standardAccuracy' | 'labelled'>>;

function isLabelled(row: ModelRow): row is LabelledRow {
  return row.accuracy !== undefined && row.standardAccuracy !== undefined && row.labelled !== undefined;
}

/** None where no row has an accuracy. */
export function accuracyColumns(rows: readonly ModelRow[]): Column<ModelRow>[] {
  if (!rows.some(isLabelled)) return [];
  return [
    {
      title: 'accuracy (standard)',
      cell: (row) => (isLabelled(row) ? `${percent(row.accuracy, 1)} (${percent(row.standardAccuracy, 1)})` : '-'),
      isLoss: (row) => isLabelled(row) && row.accuracy < row.standardAccuracy,
    },
  ];
}

/** Below the table. */
export function accuracyNotes(rows: readonly ModelRow[]): string[] {
  if (!rows.some(isLabelled)) return [];
  return ['accuracy (standard): images that the network gets right on this backend; in brackets, its standard twin.'];
}

/** A line for each network, a loss where its standard twin is right more often or where backends do not agree. */
export function accuracySummary(rows: readonly ModelRow[]): SummaryLine[] {
  const labelled = rows.filter(isLabelled);
  return [...new Set(labelled.map(nameOf))].map((name) =>
    networkSummary(
      name,
      labelled.filter((row) => nameOf(row) === name),
    ),
  );
}

function networkSummary(name: string, [first, ...others]: readonly LabelledRow[]): SummaryLine {
  const { accuracy, standardAccuracy, labelled } = first;
  const unlike = others
    .filter((row) => row.accuracy !== accuracy || row.standardAccuracy !== standardAccuracy)
    .map(({ backend }) => backend);
  const points = (100 * halfInterval(accuracy, labelled)).toFixed(1);
  const figures = `${percent(accuracy, 1)} of ${labelled} images right (±${points} points), its standard twin ${percent(standardAccuracy, 1)}`;
  const same = others.length > 0 ? ', the same on every backend' : '';
  const backends = unlike.length > 0 ? `; other figures on ${unlike.join(', ')}` : same;
  return { text: `${name}: ${figures}${backends}`, isLoss: accuracy < standardAccuracy || unlike.length > 0 };
}

function nameOf({ kind, part }: ModelRow): string {
  return part === 'none' ? kind : `${kind} P=${part}`;
}

/** Half the 95 % interval of a fraction seen in `count` images (Wilson 1927): how much the choice of images decides. */
function halfInterval(fraction: number, count: number): number {
  const z = 1.96;
  return (z / (1 + z ** 2 / count)) * Math.sqrt((fraction * (1 - fraction)) / count + z ** 2 / (4 * count ** 2));
}
