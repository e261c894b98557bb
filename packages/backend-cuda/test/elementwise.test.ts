/** Elementwise kernels against float64: within the units in the last place that CUDA documents of its mathematical functions. */
import { createRandom } from '@hetconv/core';
import '@tensorflow/tfjs-layers'; // registers tfjs's gradients
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { skipFor, useEmulator } from './emulator.ts';

skipFor(await useEmulator({ memory: 'exact', strict: true }));
const random = createRandom('elementwise');

/** Values around 0, and those where functions turn. */
const VALUES: readonly number[] = [
  ...Array.from({ length: 61 }, () => Math.fround(8 * random.truncatedNormal())),
  ...[0, 1, -1, 0.5, -0.5, 1.5, 2.5, 6, 7, -7, 20, -20, 1e-6, 1e-30].map(Math.fround),
];

type Unary = (x: tf.Tensor) => tf.Tensor;

/** Name, op, the function in float64, ulps, and where it is asked. */
const FUNCTIONS: readonly (readonly [string, Unary, (x: number) => number, number, ((x: number) => boolean)?])[] = [
  ['abs', tf.abs, Math.abs, 0],
  ['ceil', tf.ceil, Math.ceil, 0],
  ['cos', tf.cos, Math.cos, 2],
  ['elu', tf.elu, (x) => (x < 0 ? Math.expm1(x) : x), 2],
  ['erf', tf.erf, erf, 3, (x) => Math.abs(x) < 3],
  ['exp', tf.exp, Math.exp, 2],
  ['expm1', tf.expm1, Math.expm1, 2],
  ['floor', tf.floor, Math.floor, 0],
  ['leakyRelu', (x) => tf.leakyRelu(x, 0.25), (x) => (x < 0 ? 0.25 * x : x), 0],
  ['log', tf.log, Math.log, 1, (x) => x > 0],
  ['log1p', tf.log1p, Math.log1p, 1, (x) => x > -1],
  ['neg', tf.neg, (x) => -x, 0],
  ['reciprocal', tf.reciprocal, (x) => 1 / x, 0.5, (x) => x !== 0],
  ['relu', tf.relu, (x) => Math.max(0, x), 0],
  ['relu6', tf.relu6, (x) => Math.min(6, Math.max(0, x)), 0],
  ['round', tf.round, roundHalfToEven, 0],
  ['rsqrt', tf.rsqrt, (x) => 1 / Math.sqrt(x), 2, (x) => x > 0],
  ['selu', tf.selu, (x) => (x < 0 ? 1.7580993408473768 * Math.expm1(x) : 1.0507009873554805 * x), 3],
  ['sigmoid', tf.sigmoid, (x) => 1 / (1 + Math.exp(-x)), 4],
  ['sign', tf.sign, Math.sign, 0],
  ['sin', tf.sin, Math.sin, 2],
  ['softplus', tf.softplus, (x) => Math.log1p(Math.exp(x)), 4],
  ['sqrt', tf.sqrt, Math.sqrt, 0.5, (x) => x >= 0],
  ['square', tf.square, (x) => x * x, 0.5],
  ['step', (x) => tf.step(x, 0.25), (x) => (x > 0 ? 1 : 0.25), 0],
  ['tan', tf.tan, Math.tan, 4],
  ['tanh', tf.tanh, Math.tanh, 2],
  ['clipByValue', (x) => tf.clipByValue(x, -2, 1.5), (x) => Math.min(1.5, Math.max(-2, x)), 0],
];

type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

const PAIRS: readonly (readonly [string, Binary, (a: number, b: number) => number, number])[] = [
  ['add', tf.add, (a, b) => a + b, 0.5],
  ['sub', tf.sub, (a, b) => a - b, 0.5],
  ['mul', tf.mul, (a, b) => a * b, 0.5],
  ['div', tf.div, (a, b) => a / b, 0.5],
  ['maximum', tf.maximum, Math.max, 0],
  ['minimum', tf.minimum, Math.min, 0],
  ['mod', tf.mod, (a, b) => a - b * Math.floor(a / b), 0.5],
  ['squaredDifference', tf.squaredDifference, (a, b) => Math.fround(a - b) ** 2, 0.5],
  ['pow', (a, b) => tf.pow(tf.abs(a), b), (a, b) => Math.abs(a) ** b, 8],
  ['prelu', tf.prelu, (a, b) => (a < 0 ? a * b : a), 0.5],
];

const RELATIONS: readonly (readonly [string, Binary, (a: number, b: number) => boolean])[] = [
  ['equal', tf.equal, (a, b) => a === b],
  ['notEqual', tf.notEqual, (a, b) => a !== b],
  ['less', tf.less, (a, b) => a < b],
  ['lessEqual', tf.lessEqual, (a, b) => a <= b],
  ['greater', tf.greater, (a, b) => a > b],
  ['greaterEqual', tf.greaterEqual, (a, b) => a >= b],
];

describe('elementwise kernels', () => {
  it.each(FUNCTIONS.map((one) => ({ name: one[0], one })))('$name', ({ one }) => {
    const [, op, oracle, ulps, isAsked = () => true] = one;
    const values = VALUES.filter(isAsked);
    const y = tf.tidy(() => op(tf.tensor1d(values, 'float32')).dataSync());
    for (const [i, x] of values.entries()) expectWithin(y[i], oracle(x), ulps, `${x}`);
  });

  it.each(PAIRS)('%s of tensors that broadcast', (_, op, oracle, ulps) => {
    const [a, b] = [VALUES.slice(0, 12), VALUES.slice(12, 16)];
    const y = tf.tidy(() => op(tf.tensor3d([...a], [3, 1, 4]), tf.tensor2d([...b, ...b], [2, 4])).dataSync());
    expect(y.length).toBe(24);
    for (const [i, actual] of y.entries()) {
      const [left, right] = [a[Math.floor(i / 8) * 4 + (i % 4)], b[i % 4]];
      expectWithin(actual, oracle(left, right), ulps, `${left}, ${right}`);
    }
  });

  it.each(RELATIONS)('%s', (_, op, oracle) => {
    for (const dtype of ['float32', 'int32'] as const) {
      const [a, b] = [
        [1, 2, 3, -4],
        [3, 2, 1, -4],
      ];
      const y = tf.tidy(() => op(tf.tensor1d(a, dtype), tf.tensor1d(b, dtype)));
      expect(y.dtype).toBe('bool');
      expect(Array.from(y.dataSync())).toEqual(a.map((value, i) => (oracle(value, b[i]) ? 1 : 0)));
      y.dispose();
    }
  });

  it('integers, as the cpu backend has them', async () => {
    const onDevice = integers();
    await tf.setBackend('cpu');
    const onHost = integers();
    await tf.setBackend('cuda');
    expect(onDevice).toEqual(onHost);
  });

  it('NaN passes, infinities are found', () => {
    const odd = [Number.NaN, Infinity, -Infinity, 1];
    const of = (op: Unary): number[] => tf.tidy(() => Array.from(op(tf.tensor1d(odd)).dataSync()));
    expect([tf.isNaN, tf.isInf, tf.isFinite].map(of)).toEqual([
      [1, 0, 0, 0],
      [0, 1, 1, 0],
      [0, 0, 0, 1],
    ]);
    for (const op of [tf.relu, tf.relu6, tf.elu, tf.sigmoid, tf.step, tf.sign, tf.tanh]) expect(of(op)[0]).toBeNaN();
    expect(of((x) => tf.maximum(x, 0))[0]).toBeNaN();
  });

  it('casts, choices and logic', () => {
    tf.tidy(() => {
      const x = tf.tensor1d([1.7, -1.7, 0, 3]);
      expect(Array.from(tf.cast(x, 'int32').dataSync())).toEqual([1, -1, 0, 3]);
      const truth = tf.cast(x, 'bool');
      expect(truth.dataSync()).toEqual(Uint8Array.of(1, 1, 0, 1));
      expect(tf.cast(truth, 'int32').dataSync()).toEqual(Int32Array.of(1, 1, 0, 1));
      expect(tf.cast(truth, 'float32').dataSync()).toEqual(Float32Array.of(1, 1, 0, 1));
      expect(tf.logicalNot(truth).dataSync()).toEqual(Uint8Array.of(0, 0, 1, 0));
      expect(tf.logicalAnd(truth, tf.greater(x, 1)).dataSync()).toEqual(Uint8Array.of(1, 0, 0, 1));
      expect(tf.logicalOr(truth, tf.equal(x, 0)).dataSync()).toEqual(Uint8Array.of(1, 1, 1, 1));
      expect(Array.from(tf.where(truth, x, tf.neg(tf.onesLike(x))).dataSync())).toEqual(
        [1.7, -1.7, -1, 3].map(Math.fround),
      );
      const inputs = { condition: tf.tensor1d([1, 0], 'bool'), t: tf.ones([2, 3]), e: tf.zeros([2, 3]) };
      const rows = tf.engine().runKernel<tf.Tensor>('Select', inputs); // tf.where broadcasts before it comes to this
      expect(Array.from(rows.dataSync())).toEqual([1, 1, 1, 0, 0, 0]);
    });
  });
});

/** |actual - expected| in units of the last place of `expected`, which is rounded to float32 first. */
function expectWithin(actual: number, expected: number, ulps: number, at: string): void {
  const magnitude = Math.max(Math.abs(Math.fround(expected)), 2 ** -126);
  const ulp = 2 ** (Math.floor(Math.log2(magnitude)) - 23);
  const isExact = Object.is(actual + 0, Math.fround(expected) + 0);
  const isClose = isExact || Math.abs(actual - expected) <= (ulps + 1e-9) * ulp;
  expect(isClose ? 'close' : `${actual} instead of ${expected} at ${at}`).toBe('close');
}

function roundHalfToEven(x: number): number {
  const below = Math.floor(x);
  return x - below === 0.5 ? 2 * Math.round(below / 2) : Math.round(x);
}

/** The series 2/sqrt(pi) * sum of (-1)^k x^(2k+1) / (k! (2k+1)); good in float64 for |x| < 3. */
function erf(x: number): number {
  let [term, sum] = [x, x];
  for (let k = 1; k < 60; k++) {
    term *= (-x * x) / k;
    sum += term / (2 * k + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

function integers(): number[][] {
  return tf.tidy(() => {
    const a = tf.tensor1d([7, -7, 7, -7, 1_000_000, 3], 'int32');
    const b = tf.tensor1d([2, 2, -2, -2, 1, 0], 'int32');
    const results = [
      tf.add(a, b),
      tf.sub(a, b),
      tf.mul(a, b),
      tf.maximum(a, b),
      tf.minimum(a, b),
      tf.neg(a),
      tf.square(b),
    ];
    results.push(tf.floorDiv(tf.slice(a, 0, 5), tf.slice(b, 0, 5)), tf.squaredDifference(b, tf.reverse(b)), tf.abs(a));
    results.push(tf.pow(b, tf.scalar(3, 'int32')), tf.addN([a, b, b]), tf.relu(a));
    return results.map((y) => Array.from(y.dataSync()));
  });
}
