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
  const find = <P extends Variant['pass']>(pass: P, plan: HetConvPlan): Extract<Variant, { pass: P }> | Variant => {
    const variant = variants().find((one) => one.pass === pass && one.accepts(plan));
    if (variant === undefined)
      throw new UnsupportedError(`HetConv on webgpu: no ${pass} kernel for ${JSON.stringify(plan)}.`);
    return variant;
  };
  return {
    provider: '@hetconv/backend-webgpu',
    get variants() {
      return variants();
    },
    forward: (call) => runSumTaps(find('forward', call.plan) as SumVariant, { ...call, source: call.x }),
    inputGradient: (call) =>
      runSumTaps(find('inputGradient', call.plan) as SumVariant, {
        ...call,
        source: call.dy,
        activation: 'linear',
        leakyreluAlpha: 0,
      }),
    pointwiseGradient: (call) => runFilterGradient(find('pointwiseGradient', call.plan) as FilterVariant, call),
    spatialGradient: (call) => runFilterGradient(find('spatialGradient', call.plan) as FilterVariant, call),
  };
}

/** The kernels that `register()` registers. */
export const webgpuKernels: HetConvKernels<WebGPUBackend> = createWebgpuKernels();
