/**
 * Puts the kernels of a backend into tfjs's kernel registry, and the gradients, once, beside them.
 * Registration is explicit: importing '@hetconv/core' registers nothing.
 */
import {
  getGradient,
  type KernelBackend,
  registerGradient,
  registerKernel,
  type TensorInfo,
  unregisterKernel,
} from '@tensorflow/tfjs-core';
import { RegistrationConflictError } from '../errors.ts';
import type { HetConvPlan } from '../spec/plan.ts';
import { fusedHetConv2DGradient, hetConv2DGradient } from './gradients.ts';
import type { Activation, HetConvKernels } from './kernels.ts';
import { FUSED_HET_CONV_2D, HET_CONV_2D, INPUT_GRADIENT, POINTWISE_GRADIENT, SPATIAL_GRADIENT } from './names.ts';

const registered = new Map<string, HetConvKernels>();

/**
 * Registers the HetConv kernels of one tfjs backend. The same kernels twice is a no-op.
 *
 * @param backendName tfjs backend name, e.g. 'cpu'
 * @throws RegistrationConflictError when other kernels hold the name
 */
export function registerHetConvKernels<B extends KernelBackend>(backendName: string, kernels: HetConvKernels<B>): void {
  const current = registered.get(backendName);
  if (current === kernels) return;
  if (current !== undefined) throw new RegistrationConflictError(backendName, current.provider, kernels.provider);
  registered.set(backendName, kernels);
  if (getGradient(HET_CONV_2D) === undefined) {
    registerGradient(hetConv2DGradient);
    registerGradient(fusedHetConv2DGradient);
  }
  for (const [kernelName, run] of Object.entries(adapters(kernels))) {
    registerKernel({
      kernelName,
      backendName,
      kernelFunc: ({ inputs, backend, attrs }) =>
        run(inputs as Record<string, TensorInfo>, attrs as KernelAttributes, backend as KernelBackend),
    });
  }
}

/** The kernels registered for a backend, if any. */
export function hetConvKernelsOf(backendName: string): HetConvKernels | undefined {
  return registered.get(backendName);
}

/** Takes a backend's HetConv kernels out of tfjs's registry. Unknown names are a no-op. */
export function unregisterHetConvKernels(backendName: string): void {
  const kernels = registered.get(backendName);
  if (kernels === undefined) return;
  registered.delete(backendName);
  for (const kernelName of Object.keys(adapters(kernels))) unregisterKernel(kernelName, backendName);
}

/** The attributes of every HetConv kernel call; the epilogue's are those of the fused kernel. */
type KernelAttributes = {
  readonly plan: HetConvPlan;
  readonly activation: Activation;
  readonly leakyreluAlpha: number;
};

type Adapter = (inputs: Record<string, TensorInfo>, attributes: KernelAttributes, backend: KernelBackend) => TensorInfo;

/** From tfjs's call (named inputs, untyped attributes) to ours (one plan and its tensors). */
function adapters(kernels: HetConvKernels): Record<string, Adapter> {
  return {
    [HET_CONV_2D]: ({ x, pointwise, spatial }, { plan }, backend) =>
      kernels.forward({ backend, plan, x, pointwise, spatial, activation: 'linear', leakyreluAlpha: 0 }),
    [FUSED_HET_CONV_2D]: ({ x, pointwise, spatial, ...optional }, { plan, activation, leakyreluAlpha }, backend) =>
      kernels.forward({ backend, plan, x, pointwise, spatial, activation, leakyreluAlpha, ...optional }),
    [INPUT_GRADIENT]: ({ dy, pointwise, spatial }, { plan }, backend) =>
      kernels.inputGradient({ backend, plan, dy, pointwise, spatial }),
    [POINTWISE_GRADIENT]: ({ x, dy }, { plan }, backend) => kernels.pointwiseGradient({ backend, plan, x, dy }),
    [SPATIAL_GRADIENT]: ({ x, dy }, { plan }, backend) => kernels.spatialGradient({ backend, plan, x, dy }),
  };
}
