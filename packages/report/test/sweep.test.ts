/** The report of a sweep, from its JSON alone. */
import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import {
  differenceToTwin,
  embedResult,
  parseSweepResult,
  readEmbedded,
  spreadOf,
  SWEEP_FORMAT,
  sweepColumns,
  sweepMarkdown,
  type SweepResult,
  type SweepRow,
  sweepSection,
  sweepSummary,
  type SweepTraining,
} from '@hetconv/report';

const { document } = parseHTML('<!doctype html><html><body></body></html>');

const RECIPE: SweepResult['recipe'] = {
  epochs: 2,
  batch: 128,
  optimizer: { kind: 'sgd', momentum: 0.9 },
  schedule: { kind: 'one-cycle', learningRate: 0.2 },
  weightDecay: 5e-4,
  labelSmoothing: 0,
  augmentation: { padCrop: 4, flip: true, cutout: 0 },
};

/** Two epochs, the second with these accuracies in percent. */
function training(seed: number, test: number, train: number): SweepTraining {
  const entry = (epoch: number, by: number): SweepTraining['log'][number] => {
    const figures = { loss: 1 / epoch, accuracy: train / 100 / by, testLoss: 2 / epoch, testAccuracy: test / 100 / by };
    return { epoch, step: 10 * epoch, learningRate: 0.1, seconds: 60 * epoch, ...figures };
  };
  const environment = { cpu: 'a processor', cores: 2 };
  return { seed, status: 'done', log: [entry(1, 2), entry(2, 1)], seconds: 120, backend: 'wasm', environment };
}

function row(kind: string, part: SweepRow['part'], macs: number, runs: readonly SweepTraining[]): SweepRow {
  const twin = kind === 'standard' ? null : 0;
  return { model: 'resnet20-cifar', kind, part, twin, macs, params: macs / 100, runs, latency: [] };
}

function sweep(rows: readonly SweepRow[], seeds = [1, 2, 3]): SweepResult {
  const data = { name: 'cifar10', train: 50_000, test: 10_000, classes: 10 };
  return { format: SWEEP_FORMAT, name: 'example', title: 'An example', data, recipe: RECIPE, seeds, rows };
}

const THREE = sweep([
  row('standard', 'none', 40e6, [training(1, 90, 95), training(2, 91, 96), training(3, 92, 97)]),
  row('hetconv', 4, 13e6, [training(1, 89, 93), training(2, 91.5, 94), training(3, 91, 95)]),
  row('dwc-pwc', 'none', 6e6, [training(1, 85, 86), training(2, 86.1, 87), training(3, 86.9, 88)]),
]);

/** Text of a row's cell under each title. */
function cells(result: SweepResult, index: number): Record<string, string> {
  return Object.fromEntries(sweepColumns(result).map((column) => [column.title, column.cell(result.rows[index])]));
}

describe('three seeds', () => {
  it("gives mean, spread, and the difference to the twin paired by seed with Student's t", () => {
    expect(cells(THREE, 0)).toMatchObject({
      network: 'standard',
      'seeds done': '3 of 3',
      'test accuracy, %': '91.00 ±1.00',
      'min-max': '90.00-92.00',
      'to twin, points': '-',
      'train accuracy, %': '96.00 ±1.00',
      'gap, points': '+5.00',
      'training, min': '2.00',
    });
    // Differences -1, 0.5, -1: mean -0.5, deviation sqrt(0.75); t = 4.3027 for 2 degrees of freedom.
    const half = (4.30265 * Math.sqrt(0.75)) / Math.sqrt(3);
    const difference = differenceToTwin(THREE.rows[1], THREE.rows[0]);
    expect(difference).toMatchObject({ n: 3 });
    expect(difference?.mean).toBeCloseTo(-0.5, 10);
    expect(difference?.interval?.low).toBeCloseTo(-0.5 - half, 3);
    expect(difference?.interval?.high).toBeCloseTo(-0.5 + half, 3);
    expect(cells(THREE, 1)).toMatchObject({ 'to twin, points': '-0.50', '95 %': '-2.65 to +1.65', fewer: '3.08x' });
  });

  it('says of each row what it costs, a loss as plainly as a gain', () => {
    expect(sweepSummary(THREE)).toEqual([
      {
        text: 'hetconv P=4: -0.50 points to standard, no difference shown (95 %: -2.65 to +1.65, 3 seeds); 3.08x fewer multiply-adds',
        isLoss: false,
      },
      {
        text: 'dwc-pwc: -5.00 points to standard, less accurate (95 %: -5.25 to -4.75, 3 seeds); 6.67x fewer multiply-adds',
        isLoss: true,
      },
    ]);
    expect(sweepMarkdown(THREE)).toContain('- **dwc-pwc: -5.00 points');
  });

  it('pairs only seeds that both have', () => {
    const [standard, { runs }] = THREE.rows;
    const two = row('hetconv', 4, 13e6, [runs[0], { ...runs[1], status: 'unfinished' }, runs[2]]);
    expect(differenceToTwin(two, standard)).toMatchObject({
      n: 2,
      mean: expect.closeTo(-1, 9) as number,
      interval: undefined,
    });
  });
});

describe('one seed', () => {
  const one = sweep(
    THREE.rows.map((each) => ({ ...each, runs: each.runs.slice(0, 1) })),
    [1],
  );

  it('gives the bare difference and says that it is one', () => {
    expect(cells(one, 1)).toMatchObject({
      'test accuracy, %': '89.00',
      'min-max': '-',
      'to twin, points': '-1.00',
      '95 %': 'too few seeds',
    });
    expect(sweepSummary(one)[0].text).toContain('-1.00 points to standard, one seed, too few for an interval');
  });

  it('spreads nothing over one value', () => {
    expect(spreadOf([3])).toEqual({ n: 1, mean: 3, deviation: undefined, min: 3, max: 3 });
    expect(spreadOf([])).toBeUndefined();
  });
});

describe('sweepSection', () => {
  it('draws training against test for every row, and lists every training', () => {
    document.body.innerHTML = sweepSection(THREE, document);
    const plots = [...document.querySelectorAll('svg')];
    expect(plots.map((plot) => plot.getAttribute('role'))).toEqual(['img', 'img']);
    // A dashed and a solid line of each row.
    expect(plots[0].querySelectorAll('[stroke-dasharray="4 3"] path')).toHaveLength(3);
    expect(plots[0].querySelectorAll('g[stroke-width="2"] path')).toHaveLength(3);
    expect(document.querySelectorAll('table')).toHaveLength(2);
    expect(document.querySelectorAll('table')[1].querySelectorAll('tbody tr')).toHaveLength(9);
    expect(document.querySelector('li.loss')?.textContent).toContain('dwc-pwc');
    expect(document.querySelectorAll('td.loss')).toHaveLength(2);
  });

  it('has something to say of a sweep that has just begun, and of one that failed', () => {
    const unfinished: SweepTraining = { seed: 1, status: 'unfinished', log: [], seconds: 0 };
    const failed: SweepTraining = { seed: 1, status: 'failed', reason: 'diverged in <epoch 1>', log: [], seconds: 0 };
    const begun = sweep([row('standard', 'none', 40e6, [unfinished]), row('hetconv', 4, 13e6, [failed])], [1]);
    const html = sweepSection(begun, document);
    expect(html).toContain('No epoch is finished yet');
    expect(html).toContain('FAILED hetconv P=4, seed 1: diverged in &#60;epoch 1&#62;');
    expect(html).toContain('0 of 2 trainings are done');
    expect(sweepMarkdown(begun)).toContain('| hetconv P=4 | 0 of 1 | - |');
  });

  it('shows latency per backend, a slower row marked', () => {
    const latency = [
      [{ backend: 'wasm', medianMs: 3, spreadMs: 0.1 }],
      [{ backend: 'wasm', medianMs: 2, spreadMs: 0.1 }],
      [{ backend: 'wasm', medianMs: 4, spreadMs: 0.1 }],
    ];
    const measured = sweep(THREE.rows.map((each, i) => ({ ...each, latency: latency[i] })));
    expect(cells(measured, 1)['ms, wasm']).toBe('2.00 ±0.100');
    expect(sweepMarkdown(measured)).toContain('| **4.00 ±0.100** |');
  });

  it('is read back from its page', () => {
    expect(parseSweepResult(readEmbedded(embedResult(THREE)))).toEqual(THREE);
    expect(() => parseSweepResult({ rows: [] })).toThrow(/format must be 'hetconv-sweep-1'/);
  });
});
