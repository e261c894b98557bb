/** The four kernels of the webgpu backend: each finds its variant and runs its shader. */
import { type HetConvKernels, type HetConvPlan, UnsupportedError } from '@hetconv/core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { deviceFacts } from './run/device.ts';
import { runFilterGradient } from './run/filter-gradient.ts';
import { runSumTaps } from './run/sum-taps.ts';
import { createVariants, type FilterVariant, type SumVariant, type Tuning, type Variant } from './variants.ts';

/**
 * @param tuning which variants; 'auto' asks the device. The other values are for tests and measurements: both lists
 *   are right on every device.
 */
export function createWebgpuKernels(tuning: Tuning | 'auto' = 'auto'): HetConvKernels<WebGPUBackend> {
  const lists = new WeakMap<GPUDevice, readonly Variant[]>();
  const variants = (): readonly Variant[] => {
    const { device, isSoftware } = deviceFacts();
    let list = lists.get(device);
    if (list === undefined) {
      list = createVariants(tuning === 'auto' ? (isSoftware ? 'software' : 'gpu') : tuning, device.limits);
      lists.set(device, list);
    }
    return list;
  };
  const sum = (pass: SumVariant['pass'], plan: HetConvPlan): SumVariant =>
    served(
      variants().find((one): one is SumVariant => one.pass === pass && one.accepts(plan)),
      pass,
      plan,
    );
  const filter = (pass: FilterVariant['pass'], plan: HetConvPlan): FilterVariant =>
    served(
      variants().find((one): one is FilterVariant => one.pass === pass && one.accepts(plan)),
      pass,
      plan,
    );
  return {
    provider: '@hetconv/backend-webgpu',
    get variants() {
      return variants();
    },
    forward: (call) => runSumTaps(sum('forward', call.plan), { ...call, source: call.x }),
    inputGradient: (call) =>
      runSumTaps(sum('inputGradient', call.plan), {
        ...call,
        source: call.dy,
        activation: 'linear',
        leakyreluAlpha: 0,
      }),
    pointwiseGradient: (call) => runFilterGradient(filter('pointwiseGradient', call.plan), call),
    spatialGradient: (call) => runFilterGradient(filter('spatialGradient', call.plan), call),
  };
}

function served<V>(variant: V | undefined, pass: string, plan: HetConvPlan): V {
  if (variant === undefined) {
    throw new UnsupportedError(`HetConv on webgpu: no ${pass} kernel for ${JSON.stringify(plan)}.`);
  }
  return variant;
}

/** The kernels that `register()` registers. */
export const webgpuKernels: HetConvKernels<WebGPUBackend> = createWebgpuKernels();
