import { createRandom } from '@hetconv/core';
import { describe, expect, it } from 'vitest';
import {
  type BenchResult,
  compareResults,
  type LayerRow,
  meanRatio,
  type ModelRow,
  parseBenchResult,
} from '../src/index.ts';
import { holm } from '../src/change.ts';

function row(part: number, blockSpeedups: readonly number[], variant = 'forward-4x2'): LayerRow {
  const { value, low, high } = meanRatio(blockSpeedups);
  return {
    backend: 'cpu',
    variant,
    height: 8,
    width: 8,
    in: 16,
    out: 16,
    kernel: 3,
    stride: 1,
    batch: 1,
    part,
    macRatio: 3,
    firstRunMs: 1,
    medianMs: 2 / value,
    spreadMs: 0,
    gflops: 1,
    denseMedianMs: 2,
    depthwisePointwiseMedianMs: 1,
    groupedPointwiseMedianMs: null,
    composedMedianMs: null,
    worstRatio: 1,
    speedup: value,
    speedupLow: low,
    speedupHigh: high,
    blockSpeedups,
    rounds: 15,
  };
}

const environment = { date: 'Monday', cpu: 'A', tfjs: '4.22.0', load: 0.1, backends: { wasm: { threads: 1 } } };
const result = (...rows: LayerRow[]): BenchResult => ({ environment, rows });

describe('two results', () => {
  it('tell a change from noise, by row', () => {
    const before = result(
      row(1, [1, 1.02, 0.99, 1.01, 1]),
      row(4, [3, 3.02, 2.98]),
      row(8, [4, 4.4, 3.7]),
      row(2, [2, 2]),
    );
    const after = result(
      row(1, [1.3, 1.33, 1.28, 1.31, 1.3]),
      row(4, [2, 2.01, 1.99]),
      row(8, [3.9, 4.3, 3.5]),
      row(16, [5, 5]),
    );
    const { rows, onlyBefore, onlyAfter } = compareResults(before, after);
    expect(rows.map(({ label, verdict, agrees }) => [label, verdict, agrees])).toEqual([
      ['cpu, 8x8x16 → 16, 3x3, P=1', 'faster', false],
      ['cpu, 8x8x16 → 16, 3x3, P=4', 'slower', false],
      ['cpu, 8x8x16 → 16, 3x3, P=8', 'same', true],
    ]);
    expect(rows[1].change).toBeCloseTo(2 / 3, 2);
    expect(rows[1].changeLow).toBeLessThan(rows[1].change);
    expect(rows[1].changeHigh).toBeGreaterThan(rows[1].change);
    expect(onlyBefore).toEqual(['cpu, 8x8x16 → 16, 3x3, P=2']);
    expect(onlyAfter).toEqual(['cpu, 8x8x16 → 16, 3x3, P=16']);
  });

  it('call a sure change same where it is too small to matter', () => {
    const [before, after] = [result(row(1, [1, 1, 1.0001])), result(row(1, [1.01, 1.01, 1.0101]))];
    expect(compareResults(before, after).rows[0]).toMatchObject({ verdict: 'same', agrees: false });
    expect(compareResults(before, after, { atLeast: 1.005 }).rows[0].verdict).toBe('faster');
    expect(() => compareResults(before, after, { atLeast: 0.9 })).toThrow(/atLeast must be a factor of at least 1/);
  });

  it('match rows whose kernel is another, and say so', () => {
    const { rows } = compareResults(result(row(1, [1, 1.1], 'old')), result(row(1, [1, 1.1], 'new')));
    expect(rows[0]).toMatchObject({ variantBefore: 'old', variantAfter: 'new', verdict: 'same', probability: 1 });
  });

  it('use the interval where a file has no blocks', () => {
    const { blockSpeedups: _, ...old } = row(1, [1, 1.01, 0.99]);
    const before = parseBenchResult({ environment, rows: [old] });
    expect(compareResults(before, result(row(1, [2, 2.01, 1.99]))).rows[0].verdict).toBe('faster');
    expect(compareResults(before, result(row(1, [1, 1.02, 0.99]))).rows[0].verdict).toBe('same');
  });

  it('name what differs of their places, but not the hour and the load', () => {
    const after = { ...environment, date: 'Tuesday', load: 3, cpu: 'B', backends: { wasm: { threads: 2 } }, more: 1 };
    const rows = [row(1, [1, 1.1])];
    expect(compareResults({ environment, rows }, { environment: after, rows }).environment).toEqual([
      { fact: 'cpu', before: 'A', after: 'B' },
      { fact: 'backends.wasm.threads', before: 1, after: 2 },
    ]);
  });

  it('are refused where one has layers and the other networks', () => {
    const twin = { standardMedianMs: 2, standardSpreadMs: 0, standardFirstRunMs: 3, worstDifference: 0 };
    const model: ModelRow = { ...row(1, [1, 1.1]), ...twin, model: 'net', kind: 'hetconv' };
    expect(() => compareResults(result(row(1, [1, 1])), { environment, rows: [model] })).toThrow(
      /before must be one of networks, like the new one, but was 'a result of layers'/,
    );
  });
});

it('runs without a change are called same in all rows at least 19 times of 20, and agree in 95 rows of 100', () => {
  const random = createRandom('runs');
  const normal = (): number =>
    Array.from({ length: 12 }, () => random.uniform()).reduce((sum, value) => sum + value, -6);
  const run = (): BenchResult =>
    result(
      ...[1, 2, 4, 8, 16].map((part) =>
        row(
          part,
          Array.from({ length: 5 }, () => 3 * Math.exp(0.1 * normal())),
        ),
      ),
    );
  const trials = 200;
  let [calm, agreeing] = [0, 0];
  for (let trial = 0; trial < trials; trial++) {
    const { rows } = compareResults(run(), run());
    if (rows.every(({ verdict }) => verdict === 'same')) calm++;
    agreeing += rows.filter(({ agrees }) => agrees).length;
  }
  // Four standard deviations of the binomials below what is promised.
  expect(calm / trials).toBeGreaterThan(0.95 - 4 * Math.sqrt((0.95 * 0.05) / trials));
  expect(agreeing / trials / 5).toBeGreaterThan(0.95 - 4 * Math.sqrt((0.95 * 0.05) / trials / 5));
});

it('probabilities are adjusted as in Holm 1979', () => {
  expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02]);
  expect(holm([0.9, 0.8])).toEqual([1, 1]);
});

describe('a result from a file', () => {
  const good = result(row(1, [1, 1.1]));
  const cases: [unknown, RegExp][] = [
    [[], /result must be an object/],
    [{ rows: [] }, /environment must be an object, but was undefined/],
    [{ environment, rows: [] }, /rows must be a list with at least one row, but was \[\]/],
    [{ environment, rows: [{ ...good.rows[0], backend: 3 }] }, /rows\[0\]\.backend must be a text, but was 3/],
    [
      { environment, rows: [good.rows[0], { ...good.rows[0], speedup: null }] },
      /rows\[1\]\.speedup must be a positive/,
    ],
    [{ environment, rows: [{ ...good.rows[0], blockSpeedups: [1, 'x'] }] }, /blockSpeedups must be a list of positive/],
    [{ environment, rows: [{ ...good.rows[0], model: 'net' }] }, /rows\[0\]\.kind must be a text/],
  ];

  it.each(cases)('%#', (value, message) => {
    expect(() => parseBenchResult(value)).toThrow(message);
  });

  it('is taken as it is', () => {
    expect(parseBenchResult(JSON.parse(JSON.stringify(good)))).toEqual(good);
  });
});
