import { createRandom } from '@hetconv/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { addToTally, crossEntropy, emptyTally, smoothedTargets } from '../src/loop/cross-entropy.ts';
import { useWasm } from './support/training.ts';

beforeAll(useWasm);

const U = 2 ** -24;
const [N, K] = [6, 10];
const random = createRandom('logits');
const logits = Float32Array.from({ length: N * K }, () => 12 * random.uniform() - 6);
const labels = Int32Array.from({ length: N }, (_, i) => (3 * i) % K);

/** Loss and gradient in float64. */
function reference(smoothing: number): { loss: number; gradient: number[] } {
  let loss = 0;
  const gradient: number[] = [];
  for (let n = 0; n < N; n++) {
    const row = [...logits.subarray(n * K, (n + 1) * K)];
    const total = row.reduce((sum, x) => sum + Math.exp(x), 0);
    row.forEach((x, c) => {
      const target = (c === labels[n] ? 1 - smoothing : 0) + smoothing / K;
      loss -= (target * (x - Math.log(total))) / N;
      gradient.push((Math.exp(x) / total - target) / N);
    });
  }
  return { loss, gradient };
}

describe.each([0, 0.1])('cross-entropy, label smoothing %f', (smoothing) => {
  it('is that of float64, and so is its gradient', () => {
    const expected = reference(smoothing);
    const x = tf.variable(tf.tensor2d(logits, [N, K]));
    const targets = smoothedTargets(labels, K, smoothing);
    const { value, grads } = tf.variableGrads(() => crossEntropy(x, targets), [x]);
    // log softmax: K exponentials (each within 4 u), their sum, a logarithm and two subtractions of numbers below 16
    const each = (K + 4 + 3 * 16) * U;
    expect(Math.abs(value.dataSync()[0] - expected.loss)).toBeLessThanOrEqual(each + (N * K + 2) * U * expected.loss);
    const gradient = grads[x.name].dataSync();
    const worst = Math.max(...expected.gradient.map((g, i) => Math.abs(g - gradient[i])));
    expect(worst).toBeLessThanOrEqual((2 * each) / N);
    tf.dispose([value, grads, targets, x]);
  });

  it('the tally has the same loss, in double precision, and the right answers', () => {
    const tally = emptyTally();
    const predictions = new Int32Array(N);
    addToTally(tally, logits, labels, smoothing, predictions);
    expect(tally.loss / N).toBeCloseTo(reference(smoothing).loss, 12);
    const best = Array.from({ length: N }, (_, n) => {
      const row = [...logits.subarray(n * K, (n + 1) * K)];
      return row.indexOf(Math.max(...row));
    });
    expect([...predictions]).toEqual(best);
    expect(tally.correct).toBe(best.filter((label, n) => label === labels[n]).length);
    expect(tally.images).toBe(N);
  });
});

it('large logits do not overflow; what is no number is told, whatever the class', () => {
  const tally = emptyTally();
  addToTally(tally, Float32Array.of(1e30, 0, -1e30, 5), Int32Array.of(0, 1), 0);
  expect(tally.loss).toBe(0);
  for (const bad of [Number.NaN, Infinity, -Infinity]) {
    const broken = emptyTally();
    addToTally(broken, Float32Array.of(0, 1, bad), Int32Array.of(0), 0);
    expect(broken.loss).toBeNaN();
  }
});
