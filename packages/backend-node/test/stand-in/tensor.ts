/** What the stand-in keeps of a tensor, and TensorFlow's numbers for element types (`TF_DataType` in tf_datatype.h). */

export const TYPES = {
  TF_FLOAT: 1,
  TF_INT32: 3,
  TF_UINT8: 4,
  TF_STRING: 7,
  TF_COMPLEX64: 8,
  TF_INT64: 9,
  TF_BOOL: 10,
  TF_RESOURCE: 20,
} as const;

export type Data = Float32Array | Int32Array | Uint8Array;

export interface Value {
  readonly shape: readonly number[];
  /** One of TYPES. */
  readonly dtype: number;
  readonly data: Data;
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}

/** TensorFlow refuses: the message reaches the caller as tfjs-node's addon passes it on. */
export function refuse(message: string): never {
  throw new Error(`Invalid TF_Status: 3\nMessage: ${message}`);
}
