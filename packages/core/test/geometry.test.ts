import { backend_util } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anchorIndex, type Padding, planHetConv, tapRange } from '../src/index.ts';

const size = fc.integer({ min: 1, max: 12 });
const kernel = fc.integer({ min: 1, max: 7 });
const pads = fc.integer({ min: 0, max: 4 });

describe('padding and output size are those of tf.conv2d', () => {
  const window = fc.record({
    height: size,
    width: size,
    kernel: fc.tuple(kernel, kernel),
    spacing: fc.oneof(
      fc.record({
        strides: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
        dilations: fc.constant<[number, number]>([1, 1]),
      }),
      fc.record({
        strides: fc.constant<[number, number]>([1, 1]),
        dilations: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
      }),
    ),
    pad: fc.oneof(
      fc.constantFrom<Padding>('same', 'valid'),
      fc.tuple(pads, pads, pads, pads).map(([top, bottom, left, right]): Padding => [
        [0, 0],
        [top, bottom],
        [left, right],
        [0, 0],
      ]),
    ),
    rounding: fc.constantFrom(undefined, 'floor' as const, 'round' as const, 'ceil' as const),
  });

  it('for named and explicit padding, any window', () => {
    fc.assert(
      fc.property(window, ({ height, width, kernel: [kh, kw], spacing, pad, rounding }) => {
        const dimRoundingMode = typeof pad === 'string' ? undefined : rounding;
        const stock = backend_util.computeConv2DInfo(
          [1, height, width, 2],
          [kh, kw, 2, 3],
          spacing.strides,
          spacing.dilations,
          pad as 'same',
          dimRoundingMode,
        );
        fc.pre(stock.outHeight >= 0 && stock.outWidth >= 0);
        const plan = planHetConv({
          inputShape: [1, height, width, 2],
          outChannels: 3,
          part: 1,
          kernelSize: [kh, kw],
          strides: spacing.strides,
          dilations: spacing.dilations,
          pad,
          ...(dimRoundingMode === undefined ? {} : { dimRoundingMode }),
        });
        expect([plan.outHeight, plan.outWidth]).toEqual([stock.outHeight + 0, stock.outWidth + 0]);
        expect([plan.padTop, plan.padLeft]).toEqual([stock.padInfo.top, stock.padInfo.left]);
        expect([plan.padBottom, plan.padRight]).toEqual([stock.padInfo.bottom, stock.padInfo.right]);
      }),
      { numRuns: 500 },
    );
  });

  it('for numeric padding of square windows; of others each axis has its own, where tfjs 4.22 takes the height for both', () => {
    const request = { inputShape: [1, 9, 9, 2] as const, outChannels: 2, part: 1, pad: 1 };
    const square = backend_util.computeConv2DInfo([1, 9, 9, 2], [3, 3, 2, 2], 2, 1, 1);
    expect(planHetConv({ ...request, kernelSize: 3, strides: 2 })).toMatchObject({
      outHeight: square.outHeight,
      outWidth: square.outWidth,
    });
    const stock = backend_util.computeConv2DInfo([1, 9, 9, 2], [3, 5, 2, 2], [1, 2], 1, 1);
    expect([stock.outHeight, stock.outWidth]).toEqual([9, 9]);
    expect(planHetConv({ ...request, kernelSize: [3, 5], strides: [1, 2] })).toMatchObject({
      outHeight: 9,
      outWidth: 4,
    });
  });
});

it('has no output, or refuses, where the window does not fit: as tf.conv2d sizes it, and never -0', () => {
  const request = { inputShape: [1, 2, 9, 1] as const, outChannels: 1, part: 1, pad: 'valid' } as const;
  expect(planHetConv({ ...request, kernelSize: [3, 1] }).outHeight).toBe(0);
  expect(planHetConv({ ...request, kernelSize: [5, 1], strides: 3 }).outHeight).toBe(0);
  expect(() => planHetConv({ ...request, kernelSize: [5, 1] })).toThrow(
    /kernelSize must be no larger than the padded input/,
  );
});

describe('tapRange', () => {
  it('holds exactly the positions whose tap reads inside the input', () => {
    const shift = fc.integer({ min: -9, max: 9 });
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 9 }),
        size,
        fc.integer({ min: 1, max: 3 }),
        shift,
        (outSize, inSize, stride, by) => {
          const [start, end] = tapRange(outSize, inSize, stride, by);
          const inside = Array.from({ length: outSize }, (_, i) => i).filter(
            (i) => i * stride + by >= 0 && i * stride + by < inSize,
          );
          expect(Array.from({ length: end - start }, (_, i) => start + i)).toEqual(inside);
        },
      ),
    );
  });
});

const kernelSizes = [1, 2, 3, 4, 5, 6, 7];

it('the anchor reads the pixel itself under same padding and stride 1, for every kernel size and dilation', () => {
  for (const kernelSize of kernelSizes) {
    for (const dilations of [1, 2]) {
      const plan = planHetConv({
        inputShape: [1, 16, 16, 1],
        outChannels: 1,
        part: 1,
        kernelSize,
        dilations,
        pad: 'same',
      });
      const readsItself = anchorIndex(kernelSize) * dilations - plan.padTop === 0;
      expect(readsItself).toBe(dilations === 1 || kernelSize % 2 === 1);
    }
  }
});
