/**
 * A backend of the tests: tfjs's cpu backend under a name of its own, with HetConv kernels that are the float64 reference,
 * rounded once. Slow and right; wrong ones are made from it.
 */
import {
  type DataTypeMap,
  findBackend,
  getKernelsForBackend,
  type KernelBackend,
  registerBackend,
  registerKernel,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import {
  type BackendProvider,
  type ForwardCall,
  type HetConvKernels,
  inputShape,
  type KernelVariant,
  outputShape,
  pointwiseShape,
  referenceForward,
  referenceInputGradient,
  referencePointwiseGradient,
  referenceSpatialGradient,
  registerHetConvKernels,
  spatialShape,
  unregisterHetConvKernels,
} from '@hetconv/core';

export type Kernels = HetConvKernels<MathBackendCPU>;

const TILED: Pick<KernelVariant, 'accepts' | 'tile'> = {
  accepts: () => true,
  tile: { positions: 4, channels: 8 },
};

export const ORACLE: Kernels = {
  provider: 'the float64 reference',
  variants: [
    { name: 'forward-oracle', pass: 'forward', ...TILED },
    { name: 'inputGradient-oracle', pass: 'inputGradient', ...TILED },
    { name: 'pointwiseGradient-oracle', pass: 'pointwiseGradient', ...TILED },
    { name: 'spatialGradient-oracle', pass: 'spatialGradient', ...TILED },
  ],
  forward: (call) => {
    const { backend, plan, x, pointwise, spatial } = call;
    const sums = referenceForward(plan, read(backend, x), read(backend, pointwise), read(backend, spatial));
    return write(backend, outputShape(plan), epilogue(call, sums.values));
  },
  inputGradient: ({ backend, plan, dy, pointwise, spatial }) => {
    const sums = referenceInputGradient(plan, read(backend, dy), read(backend, pointwise), read(backend, spatial));
    return write(backend, inputShape(plan), sums.values);
  },
  pointwiseGradient: ({ backend, plan, x, dy }) =>
    write(backend, pointwiseShape(plan), referencePointwiseGradient(plan, read(backend, x), read(backend, dy)).values),
  spatialGradient: ({ backend, plan, x, dy }) =>
    write(backend, spatialShape(plan), referenceSpatialGradient(plan, read(backend, x), read(backend, dy)).values),
};

/** Bias and activation on float64 sums. */
export function epilogue(call: ForwardCall<MathBackendCPU>, sums: Float64Array): Float64Array {
  const { backend, bias, activation, preluActivationWeights, leakyreluAlpha } = call;
  const channels = call.plan.outChannels;
  const added = bias === undefined ? new Float32Array(channels) : read(backend, bias);
  const slopes =
    preluActivationWeights === undefined
      ? new Float32Array(channels).fill(leakyreluAlpha)
      : read(backend, preluActivationWeights);
  return sums.map((sum, i) => {
    const z = sum + added[i % added.length];
    switch (activation) {
      case 'relu':
        return Math.max(0, z);
      case 'relu6':
        return Math.min(6, Math.max(0, z));
      case 'prelu':
      case 'leakyrelu':
        return z < 0 ? slopes[i % slopes.length] * z : z;
      case 'elu':
        return z < 0 ? Math.expm1(z) : z;
      case 'sigmoid':
        return 1 / (1 + Math.exp(-z));
      default:
        return z;
    }
  });
}

export function read(backend: MathBackendCPU, { dataId }: TensorInfo): Float32Array {
  return backend.data.get(dataId).values as DataTypeMap['float32'];
}

export function write(backend: MathBackendCPU, shape: number[], values: ArrayLike<number>): TensorInfo {
  return backend.makeTensorInfo(shape, 'float32', Float32Array.from(values));
}

/** A provider for kernels on a backend of their own. Other kernels of the same name take their place. */
export function providerOf(name: string, kernels: Kernels): BackendProvider {
  return {
    name,
    prepare: () => {
      if (findBackend(name) == null) {
        registerBackend(name, (): KernelBackend => new MathBackendCPU());
        // tfjs's own kernels; HetConv kernels of 'cpu' stay where they are.
        for (const kernel of getKernelsForBackend('cpu')) {
          if (!kernel.kernelName.includes('HetConv')) registerKernel({ ...kernel, backendName: name });
        }
      }
      unregisterHetConvKernels(name);
      registerHetConvKernels(name, kernels);
      return Promise.resolve({ available: true });
    },
    kernels: () => kernels,
  };
}
