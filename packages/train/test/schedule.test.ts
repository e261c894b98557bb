import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { learningRateAt, type ScheduleSpec } from '../src/index.ts';

const rate = fc.double({ min: 1e-5, max: 10, noNaN: true });
const warmup = fc.double({ min: 0, max: 0.9, noNaN: true });
const fraction = fc.double({ min: 0.01, max: 0.99, noNaN: true });
const schedules: fc.Arbitrary<ScheduleSpec> = fc.oneof(
  fc.record({ kind: fc.constant('constant' as const), learningRate: rate, warmup }),
  fc.record({ kind: fc.constant('cosine' as const), learningRate: rate, warmup }),
  fc.record({ kind: fc.constant('step' as const), learningRate: rate, warmup, factor: fraction }),
  fc.record({ kind: fc.constant('one-cycle' as const), learningRate: rate, peak: fraction }),
);

function all(schedule: ScheduleSpec, steps: number): number[] {
  return Array.from({ length: steps }, (_, step) => learningRateAt(schedule, step, steps));
}

describe('learningRateAt', () => {
  it('is positive and never above the rate of the schedule', () => {
    fc.assert(
      fc.property(schedules, fc.integer({ min: 1, max: 400 }), (schedule, steps) => {
        const values = all(schedule, steps);
        expect(Math.min(...values)).toBeGreaterThan(0);
        expect(Math.max(...values)).toBeLessThanOrEqual(schedule.learningRate * (1 + 1e-15));
      }),
    );
  });

  it('never rises again once it has fallen, but for a warm-up', () => {
    fc.assert(
      fc.property(schedules, fc.integer({ min: 2, max: 200 }), (schedule, steps) => {
        const values = all(schedule.kind === 'one-cycle' ? schedule : { ...schedule, warmup: 0 }, steps);
        const turns = values.slice(1).map((value, i) => Math.sign(value - values[i]));
        expect(turns.lastIndexOf(1)).toBeLessThan(turns.includes(-1) ? turns.indexOf(-1) : steps);
      }),
    );
  });

  it('has the values that its definition gives', () => {
    expect(all({ kind: 'constant', learningRate: 0.3 }, 3)).toEqual([0.3, 0.3, 0.3]);
    expect(all({ kind: 'constant', learningRate: 4, warmup: 0.5 }, 8)).toEqual([1, 2, 3, 4, 4, 4, 4, 4]);
    expect(all({ kind: 'step', learningRate: 16, factor: 0.25 }, 4)).toEqual([16, 16, 4, 1]);
    expect(all({ kind: 'step', learningRate: 2, milestones: [0.25], factor: 0.5 }, 4)).toEqual([2, 1, 1, 1]);
    const cosine = all({ kind: 'cosine', learningRate: 1 }, 4);
    [1, (1 + Math.SQRT1_2) / 2, 0.5, (1 - Math.SQRT1_2) / 2].forEach((value, i) =>
      expect(cosine[i]).toBeCloseTo(value, 14),
    );
    const cycle = all({ kind: 'one-cycle', learningRate: 1, peak: 0.4 }, 11);
    expect(cycle[0]).toBeCloseTo(1 / 25, 14);
    expect(cycle[4]).toBe(1);
    expect(cycle[7]).toBeCloseTo((1 + 1 / 25e4) / 2, 14);
    expect(cycle[10]).toBeCloseTo(1 / 25e4, 14);
  });
});
