/** Kernels with several results: all of them, or, where something fails, none. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Host } from '../host/host.ts';

/** New float32 tensors that `compute` fills by their addresses; freed if that fails. */
export function writingAll(
  host: Host,
  shapes: readonly (readonly number[])[],
  compute: (addresses: number[]) => void,
): TensorInfo[] {
  const outputs: TensorInfo[] = [];
  try {
    for (const shape of shapes) outputs.push(host.output(shape));
    compute(outputs.map((output) => host.addressOf(output)));
  } catch (error) {
    for (const output of outputs) host.backend.disposeData(output.dataId);
    throw error;
  }
  return outputs;
}
