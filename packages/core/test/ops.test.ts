import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers'; // brings the gradients of the stock ops
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type Activation,
  composedKernels,
  createRandom,
  fromDense,
  fromGroupedPlusPointwise,
  fused,
  hetConv2d,
  InvalidArgumentError,
  KernelNotRegisteredError,
  registerComposed,
  registerHetConvKernels,
  RegistrationConflictError,
  toDense,
  unregisterHetConvKernels,
} from '../src/index.ts';

const random = createRandom('ops');

/** Small integers: every sum below is exact, so equality is equality. */
function integers<R extends tf.Rank>(shape: tf.ShapeMap[R]): tf.Tensor<R> {
  const size = tf.util.sizeFromShape(shape);
  return tf.tensor(
    Float32Array.from({ length: size }, () => random.integer(-3, 3)),
    shape,
    'float32',
  );
}

let [x, pointwise, spatial]: [tf.Tensor4D, tf.Tensor4D, tf.Tensor3D] = [] as never;
const options = { part: 4, kernelSize: 3, pad: 'same' } as const;
let before = 0;

beforeAll(async () => {
  await tf.setBackend('cpu');
  registerComposed('cpu');
});
beforeEach(() => {
  before = tf.memory().numTensors;
  x = integers([2, 5, 4, 6]);
  pointwise = integers([1, 1, 6, 5]);
  spatial = integers([8, 2, 5]);
});
afterEach(() => {
  tf.dispose([x, pointwise, spatial]);
  expect(tf.memory().numTensors).toBe(before);
});

function expectSame(actual: tf.Tensor, expected: tf.Tensor): void {
  expect(actual.shape).toEqual(expected.shape);
  expect(Array.from(actual.dataSync(), (v) => v + 0)).toEqual(Array.from(expected.dataSync(), (v) => v + 0));
}

describe('hetConv2d', () => {
  it('takes one image, nested arrays and NCHW', () => {
    tf.tidy(() => {
      const y = hetConv2d(x, pointwise, spatial, options);
      const first = tf.squeeze<tf.Tensor3D>(tf.slice(x, 0, 1), [0]);
      expectSame(hetConv2d(first, pointwise, spatial, options), tf.squeeze(tf.slice(y, 0, 1), [0]));
      expectSame(hetConv2d(x.arraySync(), pointwise.arraySync(), spatial, options), y);
      const nchw = hetConv2d(tf.transpose<tf.Tensor4D>(x, [0, 3, 1, 2]), pointwise, spatial, {
        ...options,
        dataFormat: 'NCHW',
      });
      expectSame(tf.transpose(nchw, [0, 2, 3, 1]), y);
    });
  });

  it('says which package to import where no kernels are registered', () => {
    unregisterHetConvKernels('cpu');
    expect(() => hetConv2d(x, pointwise, spatial, options)).toThrow(KernelNotRegisteredError);
    expect(() => hetConv2d(x, pointwise, spatial, options)).toThrow(
      /'@hetconv\/backend-cpu\/register'.*registerComposed\('cpu'\)/,
    );
    registerComposed('cpu');
  });
});

describe('fused.hetConv2d', () => {
  const cases: [Activation, (y: tf.Tensor, slopes: tf.Tensor) => tf.Tensor][] = [
    ['linear', (y) => y],
    ['relu', (y) => tf.relu(y)],
    ['relu6', (y) => tf.relu6(y)],
    ['elu', (y) => tf.elu(y)],
    ['sigmoid', (y) => tf.sigmoid(y)],
    ['leakyrelu', (y) => tf.leakyRelu(y, 0.25)],
    ['prelu', (y, slopes) => tf.prelu(y, slopes)],
  ];

  it.each(cases)('%s equals the ops one after the other, and so do its gradients', (activation, apply) => {
    tf.tidy(() => {
      const bias = integers<tf.Rank.R1>([5]);
      const slopes = tf.tensor1d([0.5, 0.25, 2, -1, 0]);
      const run = (a: tf.Tensor, p: tf.Tensor, s: tf.Tensor, b: tf.Tensor): tf.Tensor =>
        fused.hetConv2d({
          x: a as tf.Tensor4D,
          pointwise: p as tf.Tensor4D,
          spatial: s as tf.Tensor3D,
          bias: b,
          activation,
          leakyreluAlpha: 0.25,
          ...(activation === 'prelu' ? { preluActivationWeights: slopes } : {}),
          ...options,
        });
      const apart = (a: tf.Tensor, p: tf.Tensor, s: tf.Tensor, b: tf.Tensor): tf.Tensor =>
        apply(tf.add(hetConv2d(a as tf.Tensor4D, p as tf.Tensor4D, s as tf.Tensor3D, options), b), slopes);
      const inputs = [x, pointwise, spatial, bias];
      expectSame(run(x, pointwise, spatial, bias), apart(x, pointwise, spatial, bias));
      const actual = tf.grads(run)(inputs);
      for (const [i, gradient] of tf.grads(apart)(inputs).entries()) expectSame(actual[i], gradient);
    });
  });

  it('takes a scalar bias, scalar slopes, and slopes of the whole image', () => {
    tf.tidy(() => {
      const y = tf.add(hetConv2d(x, pointwise, spatial, options), 2);
      expectSame(fused.hetConv2d({ x, pointwise, spatial, bias: 2, ...options }), y);
      for (const slopes of [tf.scalar(0.5), tf.fill([1], 0.5), integers([5, 4, 5]), integers([4, 1])]) {
        const fusedOnes = fused.hetConv2d({
          x,
          pointwise,
          spatial,
          bias: 2,
          activation: 'prelu',
          preluActivationWeights: slopes,
          ...options,
        });
        expectSame(fusedOnes, tf.prelu(y, slopes));
      }
    });
  });
});

describe('weights', () => {
  it('go to the dense filter and back without loss', () => {
    tf.tidy(() => {
      for (const [m, n, part, kh, kw] of [
        [6, 5, 4, 3, 3],
        [4, 4, 1, 2, 5],
        [3, 7, 3, 1, 1],
        [8, 3, 5, 1, 4],
      ]) {
        const shape: [number, number, number] = [kh * kw - 1, Math.ceil(m / part), n];
        const weights = { pointwise: integers<tf.Rank.R4>([1, 1, m, n]), spatial: integers<tf.Rank.R3>(shape) };
        const dense = toDense(weights.pointwise, weights.spatial, { part, kernelSize: [kh, kw] });
        expect(dense.shape).toEqual([kh, kw, m, n]);
        const back = fromDense(dense, { part });
        expectSame(back.pointwise, weights.pointwise);
        expectSame(toDense(back.pointwise, back.spatial, { part, kernelSize: [kh, kw] }), dense);
      }
    });
  });

  it.each(['block', 'cyclic'] as const)('fold from a grouped plus a full 1x1 convolution in %s order', (order) => {
    tf.tidy(() => {
      const [groups, m, n] = [3, 6, 9];
      const grouped = integers<tf.Rank.R4>([3, 3, m / groups, n]);
      const full = integers<tf.Rank.R4>([1, 1, m, n]);
      const input = integers<tf.Rank.R4>([1, 6, 5, m]);
      const own = (channels: number, g: number): number[] =>
        [...Array(channels).keys()].filter((c) =>
          order === 'block' ? Math.floor(c / (channels / groups)) === g : c % groups === g,
        );
      const outputs = Array.from({ length: groups }, (_, g) =>
        tf.conv2d(tf.gather(input, own(m, g), 3), tf.gather(grouped, own(n, g), 3), 1, 'same'),
      );
      const places = Array.from({ length: groups }, (_, g) => own(n, g)).flat();
      const ordered = tf.gather(
        tf.concat(outputs, 3),
        places.map((_, i) => places.indexOf(i)),
        3,
      );
      const expected = tf.add(ordered, tf.conv2d(input, full, 1, 'same'));

      const folded = fromGroupedPlusPointwise(grouped, full, { groups, order });
      const y = hetConv2d(tf.gather(input, folded.inputOrder, 3), folded.pointwise, folded.spatial, {
        part: groups,
        kernelSize: 3,
        pad: 'same',
      });
      expectSame(tf.gather(y, folded.outputOrder, 3), expected);
    });
  });

  it('are refused by name', () => {
    expect(() => fromDense(pointwise, { part: 7 })).toThrow(
      /fromDense: part must be an integer from 1 to the 6 input channels, but was 7/,
    );
    expect(() => toDense(pointwise, spatial, { part: 2, kernelSize: 3 })).toThrow(
      /toDense: spatial must be of shape \[8, 3, 5\]/,
    );
    expect(() => fromGroupedPlusPointwise(pointwise, pointwise, { groups: 4 })).toThrow(/groups must be a divisor/);
  });
});

describe('registration', () => {
  it('is idempotent, and refuses a second implementation by name', () => {
    registerComposed('cpu');
    const other = { ...composedKernels, provider: 'another' };
    expect(() => registerHetConvKernels('cpu', other)).toThrow(RegistrationConflictError);
    expect(() => registerHetConvKernels('cpu', other)).toThrow(/composed.*another/s);
  });

  it('has errors with codes', () => {
    const error = new InvalidArgumentError('op', 'part', Number.NaN, 'a number');
    expect(error).toMatchObject({ name: 'InvalidArgumentError', code: 'invalid-argument', argument: 'part' });
    expect(error.message).toBe('op: part must be a number, but was NaN.');
  });
});
