/**
 * What is used of tfjs-node's backend (its `NodeJSKernelBackend`), and how it is recognised. Written out instead of imported, so that
 * this package can be loaded, and its types read, where tfjs-node is not installed.
 */
import type { KernelBackend, Tensor, TensorInfo } from '@tensorflow/tfjs-core';

/** The name under which tfjs-node and tfjs-node-gpu register their backend with tfjs. */
export const BACKEND = 'tensorflow';

/** One attribute of a TensorFlow operation, as the native addon takes it. */
export interface Attribute {
  readonly name: string;
  /** One of the binding's `TF_ATTR_` constants. */
  readonly type: number;
  readonly value: string | number | boolean | readonly number[];
}

/** The constants of the native addon that attributes are made of. */
export interface Binding {
  readonly TF_FLOAT: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_STRING: number;
  /** Of the library, e.g. '2.9.1'. */
  readonly TF_Version: string;
}

export interface TensorflowBackend extends KernelBackend {
  readonly binding: Binding;
  readonly isGPUPackage: boolean;
  /** Whether TensorFlow runs operations on a GPU: the GPU package alone does not make one. */
  readonly isUsingGpuDevice: boolean;
  /** Runs one operation of TensorFlow, eagerly. Throws TensorFlow's message. */
  executeSingleOutput(name: string, attributes: readonly Attribute[], inputs: readonly TensorInfo[]): Tensor;
}

/** Whether a tfjs backend is tfjs-node's, with the internals that the kernels call. */
export function isTensorflowBackend(backend: unknown): backend is TensorflowBackend {
  if (typeof backend !== 'object' || backend === null) return false;
  const { binding, isUsingGpuDevice, executeSingleOutput } = backend as Partial<TensorflowBackend>;
  const constants: readonly (keyof Binding)[] = [
    'TF_FLOAT',
    'TF_ATTR_TYPE',
    'TF_ATTR_INT',
    'TF_ATTR_BOOL',
    'TF_ATTR_STRING',
  ];
  return (
    typeof isUsingGpuDevice === 'boolean' &&
    typeof executeSingleOutput === 'function' &&
    constants.every((name) => typeof binding?.[name] === 'number')
  );
}
