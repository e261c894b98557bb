/**
 * Kernels that this backend lacks run on tfjs's cpu backend: the inputs travel there, the results come back. So every tfjs program runs,
 * and what it loses is counted. The tfjs flag CUDA_STRICT turns a fallback into an error.
 */
import { UnsupportedError } from '@hetconv/core';
import {
  env,
  findBackend,
  type KernelBackend,
  type KernelFunc,
  type NamedTensorInfoMap,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import type { CudaBackend } from './backend.ts';

export const STRICT = 'CUDA_STRICT';

const counts = new Map<string, number>();

/** How often each kernel has run on the CPU since the last reset. */
export function fallbackCounts(): Readonly<Record<string, number>> {
  return Object.fromEntries(counts);
}

export function resetFallbackCounts(): void {
  counts.clear();
}

/** The kernel of the cpu backend, for tensors of this one. */
export function onCpu(kernelName: string, kernelFunc: KernelFunc): KernelFunc {
  return ({ inputs, attrs, backend }) => {
    if (env().getBool(STRICT)) {
      throw new UnsupportedError(
        `The cuda backend has no kernel of its own for this '${kernelName}', and ${STRICT} forbids to run it on the CPU.`,
      );
    }
    counts.set(kernelName, (counts.get(kernelName) ?? 0) + 1);
    const cuda = backend as CudaBackend;
    const cpu = findBackend('cpu');
    const visitors: TensorInfo[] = [];
    const down = (x: TensorInfo): TensorInfo => {
      if (x.dtype === 'complex64') throw new UnsupportedError(`The cuda backend has no '${kernelName}' of complex64.`);
      const copy = { ...x, dataId: cpu.write(cuda.readSync(x.dataId), [...x.shape], x.dtype) };
      visitors.push(copy);
      return copy;
    };
    const results: TensorInfo[] = [];
    try {
      const result = kernelFunc({ inputs: mapInputs(inputs, down), attrs: attrs ?? {}, backend: cpu });
      results.push(...(Array.isArray(result) ? result : [result]));
      const raised = results.map((y) => cuda.makeTensor(y.shape, y.dtype, cpu.readSync(y.dataId)));
      return Array.isArray(result) ? raised : raised[0];
    } finally {
      release(cpu, [...visitors, ...results]);
    }
  };
}

/** Inputs are named; each is a tensor, a list of them, or absent. A kernel of many (Concat) has a list for all. */
function mapInputs(inputs: NamedTensorInfoMap, down: (x: TensorInfo) => TensorInfo): NamedTensorInfoMap {
  const map = (value: unknown): unknown => {
    if (value == null) return value;
    return Array.isArray(value) ? value.map(map) : down(value as TensorInfo);
  };
  if (Array.isArray(inputs)) return map(inputs) as NamedTensorInfoMap;
  return Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, map(value)])) as NamedTensorInfoMap;
}

function release(cpu: KernelBackend, tensors: readonly TensorInfo[]): void {
  for (const { dataId } of tensors) cpu.disposeData(dataId);
}
