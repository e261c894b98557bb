import { describe, expect, it } from 'vitest';
import { studentQuantile, studentTail } from '../src/student-t.ts';

/** Two-sided quantiles from printed tables: probability outside, degrees of freedom, t. */
const TABLE = [
  [0.05, 1, 12.706],
  [0.05, 2, 4.303],
  [0.05, 4, 2.776],
  [0.05, 9, 2.262],
  [0.05, 30, 2.042],
  [0.01, 4, 4.604],
  [0.01, 8, 3.355],
  [0.001, 4, 8.61],
] as const;

describe("Student's t", () => {
  it.each(TABLE)('%f outside with %i degrees of freedom: %f', (outside, freedom, t) => {
    expect(studentQuantile(outside, freedom)).toBeCloseTo(t, 3);
    expect(studentTail(t, freedom)).toBeCloseTo(outside, 4);
  });

  it('is continuous in the degrees of freedom, and refuses what is none', () => {
    expect(studentQuantile(0.05, 2.5)).toBeCloseTo(3.5747, 3);
    expect(studentTail(0, 3)).toBeCloseTo(1, 12);
    expect(() => studentQuantile(0, 3)).toThrow(RangeError);
    expect(() => studentTail(1, 0.5)).toThrow(RangeError);
  });
});
