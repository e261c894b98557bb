/** HetConv on the toy backend, straight from the definition: one walk over all products, four things to do with them. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import {
  type ForwardCall,
  type HetConvKernels,
  type HetConvPlan,
  inputShape,
  outputShape,
  pointwiseShape,
  spatialShape,
} from '@hetconv/core';
import type { ToyBackend } from './toy-backend.ts';

type Visit = (x: number, y: number, weight: number, isAnchor: boolean) => void;

/** Visits every product of the layer: flat indices into x, y and `pointwise` (the anchor tap) or `spatial` (the others). */
function forEachProduct(plan: HetConvPlan, visit: Visit): void {
  const { batch, inHeight, inWidth, inChannels: M, outHeight, outWidth, outChannels: N, part, depth } = plan;
  for (let b = 0; b < batch; b++) {
    for (let i = 0; i < outHeight; i++) {
      for (let j = 0; j < outWidth; j++) {
        let ring = 0;
        for (let u = 0; u < plan.kernelHeight; u++) {
          for (let v = 0; v < plan.kernelWidth; v++) {
            const isAnchor = u === plan.anchorRow && v === plan.anchorCol;
            const tap = isAnchor ? 0 : ring++;
            const row = i * plan.strideHeight + u * plan.dilationHeight - plan.padTop;
            const col = j * plan.strideWidth + v * plan.dilationWidth - plan.padLeft;
            if (row < 0 || row >= inHeight || col < 0 || col >= inWidth) continue; // padding contributes nothing
            const x = ((b * inHeight + row) * inWidth + col) * M;
            const y = ((b * outHeight + i) * outWidth + j) * N;
            for (let n = 0; n < N; n++) {
              const [first, step] = isAnchor ? [0, 1] : [n % part, part];
              for (let m = first, q = 0; m < M; m += step, q++) {
                const weight = isAnchor ? m * N + n : (tap * depth + q) * N + n;
                visit(x + m, y + n, weight, isAnchor);
              }
            }
          }
        }
      }
    }
  }
}

export const toyKernels: HetConvKernels<ToyBackend> = {
  provider: 'the toy backend',
  variants: (['forward', 'inputGradient', 'pointwiseGradient', 'spatialGradient'] as const).map((pass) => ({
    name: `${pass}-toy`,
    pass,
    accepts: () => true,
  })),

  forward(call) {
    const { backend, plan } = call;
    const [x, pointwise, spatial] = [call.x, call.pointwise, call.spatial].map((info) => backend.floats(info));
    return sumUp(backend, outputShape(plan), (y) => {
      forEachProduct(plan, (xi, yi, wi, isAnchor) => (y[yi] += x[xi] * (isAnchor ? pointwise : spatial)[wi]));
      finish(call, y);
    });
  },

  inputGradient({ backend, plan, ...call }) {
    const [dy, pointwise, spatial] = [call.dy, call.pointwise, call.spatial].map((info) => backend.floats(info));
    return sumUp(backend, inputShape(plan), (dx) =>
      forEachProduct(plan, (xi, yi, wi, isAnchor) => (dx[xi] += dy[yi] * (isAnchor ? pointwise : spatial)[wi])),
    );
  },

  pointwiseGradient({ backend, plan, ...call }) {
    const [x, dy] = [backend.floats(call.x), backend.floats(call.dy)];
    return sumUp(backend, pointwiseShape(plan), (dw) =>
      forEachProduct(plan, (xi, yi, wi, isAnchor) => {
        if (isAnchor) dw[wi] += x[xi] * dy[yi];
      }),
    );
  },

  spatialGradient({ backend, plan, ...call }) {
    const [x, dy] = [backend.floats(call.x), backend.floats(call.dy)];
    return sumUp(backend, spatialShape(plan), (dw) =>
      forEachProduct(plan, (xi, yi, wi, isAnchor) => {
        if (!isAnchor) dw[wi] += x[xi] * dy[yi];
      }),
    );
  },
};

/** A fresh tensor of sums, which are kept in float64 and rounded once. */
function sumUp(backend: ToyBackend, shape: number[], fill: (sums: Float64Array) => void): TensorInfo {
  const sums = new Float64Array(shape.reduce((size, side) => size * side, 1));
  fill(sums);
  return backend.tensor(shape, Float32Array.from(sums));
}

/** y = activation(y + bias) */
function finish(call: ForwardCall<ToyBackend>, y: Float64Array): void {
  const { backend, plan, bias, activation, preluActivationWeights, leakyreluAlpha } = call;
  const added = bias === undefined ? undefined : backend.floats(bias);
  const slopes = preluActivationWeights === undefined ? undefined : backend.floats(preluActivationWeights);
  for (const [i, sum] of y.entries()) {
    const n = i % plan.outChannels;
    const z = sum + (added?.[n] ?? 0);
    if (activation === 'relu') y[i] = Math.max(0, z);
    else if (activation === 'relu6') y[i] = Math.min(6, Math.max(0, z));
    else if (activation === 'prelu') y[i] = z < 0 ? z * (slopes?.[n] ?? 0) : z;
    else if (activation === 'leakyrelu') y[i] = z < 0 ? z * leakyreluAlpha : z;
    else if (activation === 'elu') y[i] = z < 0 ? Math.expm1(z) : z;
    else y[i] = activation === 'sigmoid' ? 1 / (1 + Math.exp(-z)) : z;
  }
}
