/** Complex tensors are made and taken apart here; no kernel computes with them. */
import { Complex, Imag, Real, type TensorInfo } from '@tensorflow/tfjs-core';
import { native, type NativeKernel } from './native.ts';

interface Parts {
  readonly real: TensorInfo;
  readonly imag: TensorInfo;
}

interface Whole {
  readonly input: TensorInfo;
}

export const complexKernels: readonly NativeKernel[] = [
  native<Parts>(Complex, ({ backend, inputs: { real, imag } }) => backend.makeComplex(real, imag)),
  native<Whole>(Real, ({ backend, inputs: { input } }) => {
    const { real } = backend.partsOf(input);
    return backend.alias(real, input.shape);
  }),
  native<Whole>(Imag, ({ backend, inputs: { input } }) => {
    const { imag } = backend.partsOf(input);
    return backend.alias(imag, input.shape);
  }),
];
