import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  createRandom,
  type Padding,
  planHetConv,
  type Reference,
  type ReferenceElement,
  referenceInputGradient,
  referenceInputGradientElement,
  referencePointwiseGradient,
  referencePointwiseGradientElement,
  referenceSpatialGradient,
  referenceSpatialGradientElement,
} from '../src/index.ts';

const requests = fc
  .record({
    batch: fc.integer({ min: 1, max: 2 }),
    height: fc.integer({ min: 3, max: 6 }),
    width: fc.integer({ min: 3, max: 6 }),
    channels: fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 })),
    part: fc.integer({ min: 1, max: 6 }),
    kernelSize: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
    stride: fc.integer({ min: 1, max: 3 }),
    dilation: fc.integer({ min: 1, max: 2 }),
    pad: fc.constantFrom<Padding[]>('same', 1, 2),
  })
  .map(({ batch, height, width, channels: [inChannels, outChannels], part, stride, dilation, ...rest }) => ({
    ...rest,
    inputShape: [batch, height, width, inChannels] as const,
    outChannels,
    part: Math.min(part, inChannels),
    strides: stride,
    dilations: stride > 1 ? 1 : dilation,
  }));

it('single elements of a gradient are those of the whole, integers exactly', () => {
  fc.assert(
    fc.property(requests, (request) => {
      const plan = planHetConv(request);
      const random = createRandom(JSON.stringify(request));
      const draw = (size: number): number[] => Array.from({ length: size }, () => random.integer(-9, 9));
      const { batch, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, ringTaps, depth } = plan;
      const x = draw(batch * inHeight * inWidth * inChannels);
      const dy = draw(batch * outHeight * outWidth * outChannels);
      const pointwise = draw(inChannels * outChannels);
      const spatial = draw(ringTaps * depth * outChannels);
      expectElements(referenceInputGradient(plan, dy, pointwise, spatial), (i) =>
        referenceInputGradientElement(plan, dy, pointwise, spatial, i),
      );
      expectElements(referencePointwiseGradient(plan, x, dy), (i) => referencePointwiseGradientElement(plan, x, dy, i));
      expectElements(referenceSpatialGradient(plan, x, dy), (i) => referenceSpatialGradientElement(plan, x, dy, i));
    }),
    { seed: 1, numRuns: 100 },
  );
});

function expectElements(whole: Reference, elementOf: (index: number) => ReferenceElement): void {
  const elements = Array.from(whole.values, (_, i) => elementOf(i));
  expect(elements.map(({ value }) => value + 0)).toEqual(Array.from(whole.values, (value) => value + 0));
  expect(elements.map(({ magnitude }) => magnitude)).toEqual([...whole.magnitudes]);
  expect(elements.map(({ terms }) => terms)).toEqual([...whole.terms]);
}
