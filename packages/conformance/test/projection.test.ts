/** The projections of large results, against the oracle's whole results. */
import {
  planHetConv,
  referenceForward,
  referenceInputGradient,
  referencePointwiseGradient,
  referenceSpatialGradient,
} from '@hetconv/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomCases } from '../src/cases/families/random.ts';
import {
  combineChannels,
  combineSpatial,
  projectForward,
  projectInputGradient,
  projectPointwiseGradient,
  projectSpatialGradient,
} from '../src/oracle/projection.ts';
import { drawValues } from '../src/oracle/values.ts';

describe('projections', () => {
  it('are the combined channels of the reference, in every pass of any request', () => {
    fc.assert(
      fc.property(randomCases(1), fc.integer({ min: 1, max: 9 }), (test, seed) => {
        const plan = planHetConv(test.request);
        const values = drawValues({ ...test, style: 'integer' }, plan);
        const [x, dy, pointwise, spatial] = [values.x, values.dy, values.pointwise, values.spatial].map(
          ({ data }) => data,
        );
        const factors = Float64Array.from({ length: plan.outChannels }, (_, n) => ((seed + n * n) % 7) - 3);
        const inputFactors = Float64Array.from({ length: plan.inChannels }, (_, m) => ((seed + m * m) % 5) - 2);
        const y = referenceForward(plan, x, pointwise, spatial).values;
        const dx = referenceInputGradient(plan, dy, pointwise, spatial).values;
        const dPointwise = referencePointwiseGradient(plan, x, dy).values;
        const dSpatial = referenceSpatialGradient(plan, x, dy).values;
        expect(projectForward(plan, x, pointwise, spatial, factors)).toEqual(combineChannels(y, factors));
        expect(projectInputGradient(plan, dy, pointwise, spatial, inputFactors)).toEqual(
          combineChannels(dx, inputFactors),
        );
        expect(projectPointwiseGradient(plan, x, dy, factors)).toEqual(combineChannels(dPointwise, factors));
        expect(projectSpatialGradient(plan, x, dy, factors)).toEqual(combineSpatial(plan, dSpatial, factors));
      }),
      { seed: 1, numRuns: 100 },
    );
  });
});
