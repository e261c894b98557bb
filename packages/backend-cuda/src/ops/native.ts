/** How a kernel of this backend is written down: a function of the backend, named inputs and attributes. */
import type { CudaBackend } from '../backend.ts';
import type { TensorInfo } from '@tensorflow/tfjs-core';

export interface Call<Inputs = unknown, Attributes = unknown> {
  readonly backend: CudaBackend;
  readonly inputs: Inputs;
  readonly attrs: Attributes;
}

export interface NativeKernel {
  /** As in tfjs's registry. */
  readonly name: string;
  readonly run: (call: Call) => TensorInfo | TensorInfo[];
  /** False for what the kernel does not compute (a data format, a type): that goes to the CPU. */
  readonly accepts: (call: Call) => boolean;
}

/** The one place where tfjs's untyped inputs and attributes become typed ones. */
export function native<Inputs, Attributes = unknown>(
  name: string,
  run: (call: Call<Inputs, Attributes>) => TensorInfo | TensorInfo[],
  accepts: (call: Call<Inputs, Attributes>) => boolean = () => true,
): NativeKernel {
  return {
    name,
    run: (call) => run(call as Call<Inputs, Attributes>),
    accepts: (call) => accepts(call as Call<Inputs, Attributes>),
  };
}

export interface OneInput {
  readonly x: TensorInfo;
}

/** Product of the sides; 1 for a scalar. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}
