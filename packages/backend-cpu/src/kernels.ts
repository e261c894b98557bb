/** The four kernels of the cpu backend, over the values that tfjs keeps as typed arrays. */
import {
  type HetConvKernels,
  inputShape,
  OutOfMemoryError,
  outputShape,
  pointwiseShape,
  spatialShape,
} from '@hetconv/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import { applyEpilogue } from './epilogue.ts';
import { pointwiseGradient, spatialGradient } from './filter-gradient.ts';
import { sumTaps } from './sum-taps.ts';
import { TILE_CHANNELS, TILE_PIXELS } from './tile.ts';

const tile = { positions: TILE_PIXELS, channels: TILE_CHANNELS };
const accepts = (): boolean => true;

export const cpuKernels: HetConvKernels<MathBackendCPU> = {
  provider: '@hetconv/backend-cpu',
  variants: [
    { name: 'forward-2x4-js', pass: 'forward', tile, accepts },
    { name: 'inputGradient-2x4-js', pass: 'inputGradient', tile, accepts },
    { name: 'pointwiseGradient-2x4-js', pass: 'pointwiseGradient', tile, accepts },
    { name: 'spatialGradient-2x4-js', pass: 'spatialGradient', tile, accepts },
  ],

  forward({ backend, plan, x, pointwise, spatial, bias, activation, preluActivationWeights, leakyreluAlpha }) {
    const shape = outputShape(plan);
    const y = zeros(shape);
    sumTaps(plan, 'forward', values(backend, x), y, values(backend, pointwise), values(backend, spatial));
    const slopes = preluActivationWeights && values(backend, preluActivationWeights);
    applyEpilogue(y, plan.outChannels, bias && values(backend, bias), activation, slopes, leakyreluAlpha);
    return backend.makeTensorInfo(shape, 'float32', y);
  },

  inputGradient({ backend, plan, dy, pointwise, spatial }) {
    const shape = inputShape(plan);
    const dx = zeros(shape);
    sumTaps(plan, 'inputGradient', values(backend, dy), dx, values(backend, pointwise), values(backend, spatial));
    return backend.makeTensorInfo(shape, 'float32', dx);
  },

  pointwiseGradient({ backend, plan, x, dy }) {
    const gradient = pointwiseGradient(plan, values(backend, x), values(backend, dy));
    return backend.makeTensorInfo(pointwiseShape(plan), 'float32', gradient);
  },

  spatialGradient({ backend, plan, x, dy }) {
    const gradient = spatialGradient(plan, values(backend, x), values(backend, dy));
    return backend.makeTensorInfo(spatialShape(plan), 'float32', gradient);
  },
};

function values(backend: MathBackendCPU, { dataId }: TensorInfo): Float32Array {
  return backend.data.get(dataId).values as Float32Array;
}

/** @throws OutOfMemoryError where JavaScript itself throws a RangeError */
function zeros(shape: readonly number[]): Float32Array {
  const size = shape.reduce((product, side) => product * side, 1);
  try {
    return new Float32Array(size);
  } catch {
    throw new OutOfMemoryError('cpu', `a result of shape [${shape.join(', ')}]`, 4 * size);
  }
}
