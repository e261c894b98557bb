/**
 * Kernels with one seeded fault each, made from the oracle. A fault is expressed by what it would do: to the plan that a kernel
 * follows, to the numbers that it reads, or to the numbers that it writes.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import type { ForwardCall, HetConvPlan, Pass } from '@hetconv/core';
import { type Kernels, ORACLE, read, write } from './oracle-backend.ts';

export interface Fault {
  /** What is wrong, in words. */
  readonly name: string;
  readonly kernels: Kernels;
  /** True where the fault shows only in what a whole run demands. */
  readonly showsAtTheEnd?: boolean;
}

export type Forward = ForwardCall<MathBackendCPU>;

/** A fault of the forward pass (fused or not). */
export function inForward(name: string, forward: (call: Forward) => TensorInfo): Fault {
  return { name: `forward: ${name}`, kernels: { ...ORACLE, forward } };
}

/** A kernel that forgets the bias. */
export function forgetsBias(): Fault {
  return inForward('forgets the bias', (call) => {
    const { bias: _, ...unbiased } = call;
    return ORACLE.forward(unbiased);
  });
}

/** A kernel that follows another plan than it is given. */
export function followsOtherPlan(name: string, pass: Pass, change: (plan: HetConvPlan) => Partial<HetConvPlan>): Fault {
  const changed = <C extends { readonly plan: HetConvPlan }>(call: C): C => ({
    ...call,
    plan: { ...call.plan, ...change(call.plan) },
  });
  return { name: `${pass}: ${name}`, kernels: { ...ORACLE, [pass]: (call: never) => ORACLE[pass](changed(call)) } };
}

/** Which of its inputs a kernel reads wrongly. */
type InputName = 'x' | 'dy' | 'pointwise' | 'spatial' | 'bias' | 'preluActivationWeights';

/** A kernel that reads other numbers than it is given. */
export function readsOtherwise(
  name: string,
  pass: Pass,
  input: InputName,
  change: (values: Float32Array, plan: HetConvPlan, call: Forward) => Float32Array,
): Fault {
  const run = (call: Forward & Partial<Record<InputName, TensorInfo>>): TensorInfo => {
    const original = call[input];
    if (original === undefined) return ORACLE[pass](call as never);
    const other = write(call.backend, original.shape, change(read(call.backend, original).slice(), call.plan, call));
    const result = ORACLE[pass]({ ...call, [input]: other } as never);
    call.backend.disposeIntermediateTensorInfo(other);
    return result;
  };
  return { name: `${pass}: ${name}`, kernels: { ...ORACLE, [pass]: run } };
}

/** A kernel that changes the right numbers before it returns them. */
export function writesOtherwise(
  name: string,
  pass: Pass,
  change: (values: Float32Array, call: Forward) => ArrayLike<number>,
): Fault {
  const run = (call: Forward): TensorInfo => {
    const result = ORACLE[pass](call as never);
    const values = change(read(call.backend, result).slice(), call);
    call.backend.disposeIntermediateTensorInfo(result);
    return write(call.backend, result.shape, values);
  };
  return { name: `${pass}: ${name}`, kernels: { ...ORACLE, [pass]: run } };
}

/** Rounds to the 11 significant bits of half precision and of tf32 (Veltkamp's splitting). */
export function roundToHalf(value: number): number {
  const shifted = Math.fround(value * (2 ** 13 + 1));
  return Number.isFinite(shifted) ? Math.fround(shifted - Math.fround(shifted - value)) : value;
}
