/** How long the networks of a sweep take for one image, on the backends that were asked for and are not measured yet. */
import { environment } from '@hetconv/bench';
import type { SweepLatency, SweepResult, SweepRow } from '@hetconv/report';
import { type ClassificationModel, classificationModel } from '@hetconv/zoo-classification';
import { describeEnvironment } from '../backends/environment.ts';
import { measureModels } from '../backends/measure-models.ts';
import { type Selection, selectBackends } from '../backends/select.ts';
import type { Timing } from '../browser/protocol.ts';
import { type NetworkChoice, seededNetworks } from '../commands/bench-networks.ts';
import { FIXTURE, loadImages } from '../images/load.ts';
import { list } from '../output/choices.ts';
import { createProgress, type Progress } from '../output/progress.ts';

/** Milliseconds for each row and backend; the machine is this sweep's alone by then. */
const TIMING: Timing = { blocks: 5, minRounds: 15, maxRounds: 100, budgetMs: 5000 };

/** Images on which the backends must agree before they are timed. */
const COMPARED = 4;

/**
 * Weights decide nothing of the time: they are fresh ones.
 *
 * @param names of backends, separated by commas
 * @returns the result with what was missing; the same one where nothing was
 */
export async function measureLatency(
  result: SweepResult,
  names: string,
  timing: Timing = TIMING,
): Promise<SweepResult> {
  const missing = list('--latency-backends', names).filter((backend) =>
    result.rows.some(({ latency }) => !latency.some((one) => one.backend === backend)),
  );
  if (missing.length === 0) return result;
  const start = environment();
  const selection = await selectBackends(missing.join(','));
  const progress = createProgress();
  const measured = new Map<SweepRow, readonly SweepLatency[]>();
  try {
    for (const model of new Set(result.rows.map((row) => row.model))) {
      const rows = result.rows.filter((row) => row.model === model);
      const latencies = await measureNetwork(classificationModel(model), rows, selection, timing, progress);
      for (const [row, latency] of latencies) measured.set(row, latency);
    }
    return {
      ...result,
      rows: result.rows.map((row) => ({ ...row, latency: joined(row.latency, measured.get(row) ?? []) })),
      latencyEnvironment: await describeEnvironment(selection, start),
    };
  } finally {
    progress.stop();
    await selection.close();
  }
}

async function measureNetwork(
  entry: ClassificationModel,
  rows: readonly SweepRow[],
  selection: Selection,
  timing: Timing,
  progress: Progress,
): Promise<[SweepRow, readonly SweepLatency[]][]> {
  // The standard twin is measured beside the others in any case; alone it needs to be one of them.
  const others = rows.filter(({ kind }) => kind !== 'standard');
  const choices = (others.length > 0 ? others : rows).map(({ kind, part }) => ({ kind, part }) as NetworkChoice);
  const { images } = await loadImages(FIXTURE.name, entry.inputShape, COMPARED);
  const request = { name: entry.name, ...seededNetworks(entry, choices, '0'), images, batch: 1 };
  const figures = await measureModels(request, selection, timing, ({ stage, loaded, total }) =>
    progress.update(stage, loaded, total),
  );
  images.dispose();
  return rows.map((row) => {
    const own = figures.filter(({ kind, part }) => kind === row.kind && part === row.part);
    if (own.length > 0) return [row, own.map(({ backend, medianMs, spreadMs }) => ({ backend, medianMs, spreadMs }))];
    const firsts = figures.filter(({ backend }, i) => figures.findIndex((one) => one.backend === backend) === i);
    return [
      row,
      firsts.map(({ backend, standardMedianMs, standardSpreadMs }) => {
        return { backend, medianMs: standardMedianMs, spreadMs: standardSpreadMs };
      }),
    ];
  });
}

function joined(before: readonly SweepLatency[], now: readonly SweepLatency[]): SweepLatency[] {
  return [...before.filter(({ backend }) => !now.some((one) => one.backend === backend)), ...now];
}
