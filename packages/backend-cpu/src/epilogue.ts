/** What follows the sum, in place: y = activation(y + bias). Semantics of tfjs's cpu kernels, NaN passes through. */
import type { Activation } from '@hetconv/core';

/** y is [positions, channels]; `slopes` is given for 'prelu'. */
export function applyEpilogue(
  y: Float32Array,
  channels: number,
  bias: Float32Array | undefined,
  activation: Activation,
  slopes: Float32Array | undefined,
  leakyreluAlpha: number,
): void {
  if (bias !== undefined) {
    for (let start = 0; start < y.length; start += channels) {
      for (let n = 0; n < channels; n++) y[start + n] += bias[n];
    }
  }
  if (activation === 'prelu' && slopes !== undefined) {
    for (let i = 0; i < y.length; i++) if (y[i] < 0) y[i] *= slopes[i % channels];
  } else if (activation === 'leakyrelu') {
    for (let i = 0; i < y.length; i++) if (y[i] < 0) y[i] *= leakyreluAlpha;
  } else if (activation === 'relu') {
    for (let i = 0; i < y.length; i++) y[i] = Math.max(0, y[i]);
  } else if (activation === 'relu6') {
    for (let i = 0; i < y.length; i++) y[i] = Math.min(Math.max(0, y[i]), 6);
  } else if (activation === 'elu') {
    for (let i = 0; i < y.length; i++) if (y[i] < 0) y[i] = Math.expm1(y[i]);
  } else if (activation === 'sigmoid') {
    for (let i = 0; i < y.length; i++) y[i] = 1 / (1 + Math.exp(-y[i]));
  }
}
