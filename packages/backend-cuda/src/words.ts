/** Tensor values as the 32-bit words that the device holds, and back. */
import type { DataType, TypedArray } from '@tensorflow/tfjs-core';

/** float32 as floats; int32 and bool as ints. The array may be the one that was given. */
export function toWords(values: TypedArray | readonly number[], dtype: DataType): Float32Array | Int32Array {
  if (dtype === 'float32') return values instanceof Float32Array ? values : Float32Array.from(values);
  return values instanceof Int32Array ? values : Int32Array.from(values);
}

/** As tfjs hands them out: bools in bytes. */
export function fromWords(words: Float32Array | Int32Array, dtype: DataType): TypedArray {
  return dtype === 'bool' ? Uint8Array.from(words) : words;
}
