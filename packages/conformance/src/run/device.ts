/** What the current backend's device computes with, measured through stock tfjs ops and not taken from its own word. */
import { Add, add, getBackend, getKernel, mul, Multiply, tensor1d } from '@tensorflow/tfjs-core';

export interface DeviceFacts {
  /** Smallest power of two e with 1 + e > 1: 2^-23 for float32, 2^-10 for half precision. */
  readonly eps: number;
  /** True where subnormal numbers turn into 0 when they are moved, multiplied or added. */
  readonly flushesSubnormals: boolean;
}

/** Powers of two from 1 down to 2^-31. */
const POWERS: Float32Array = Float32Array.from({ length: 32 }, (_, k) => 2 ** -k);

const SUBNORMAL: number = 2 ** -130;

/** Nothing for a young backend that cannot add and multiply yet. */
export async function measureDevice(): Promise<DeviceFacts | undefined> {
  if ([Add, Multiply].some((name) => getKernel(name, getBackend()) === undefined)) return undefined;
  const sums = await binary(add, POWERS, new Float32Array(POWERS.length).fill(1));
  const eps = Math.min(...POWERS.filter((_, k) => sums[k] > 1));
  // A result that is subnormal, a factor that is, a sum of two that are.
  const products = await binary(mul, Float32Array.of(2 ** -126, SUBNORMAL), Float32Array.of(0.5, 1));
  const doubled = await binary(add, Float32Array.of(SUBNORMAL), Float32Array.of(SUBNORMAL));
  return { eps, flushesSubnormals: [...products, ...doubled].includes(0) };
}

async function binary(op: typeof add, a: Float32Array, b: Float32Array): Promise<Float32Array> {
  const [left, right] = [tensor1d(a, 'float32'), tensor1d(b, 'float32')];
  const result = op(left, right);
  try {
    return (await result.data()) as Float32Array;
  } finally {
    for (const each of [left, right, result]) each.dispose();
  }
}
