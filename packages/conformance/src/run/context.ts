/** What a check is given: the backend under test, and a scope that owns every tensor it makes. */
import { type Rank, type ShapeMap, type Tensor, tensor } from '@tensorflow/tfjs-core';
import { type HetConvKernels, type HetConvPlan, type Pass, variantFor } from '@hetconv/core';
import { Mismatch } from '../checks/compare.ts';
import type { HostTensor } from '../oracle/values.ts';

/** A check that cannot run here; the reason goes into the report. */
export class Skipped extends Error {
  override readonly name = 'Skipped';
}

export class CaseContext {
  /** tfjs name of the backend under test; it is the current one when a check starts. */
  readonly backend: string;
  readonly kernels: HetConvKernels;
  /** Another backend that can run here, if there is one. */
  readonly otherBackend: string | undefined;
  /** The variants that the case has put to the test. */
  readonly variants: Set<string> = new Set();

  readonly #inputs: { readonly value: Tensor; readonly host: HostTensor }[] = [];
  readonly #results: Tensor[] = [];

  constructor(backend: string, kernels: HetConvKernels, otherBackend: string | undefined) {
    this.backend = backend;
    this.kernels = kernels;
    this.otherBackend = otherBackend;
  }

  /** Puts numbers on the current backend. They are copied: cpu backends compute on the array they are given. */
  put<R extends Rank = Rank>(host: HostTensor): Tensor<R> {
    const value = tensor<R>(Float32Array.from(host.data), [...host.shape] as ShapeMap[R], 'float32');
    this.#inputs.push({ value, host });
    return value;
  }

  /** Takes ownership of a result. */
  own<T extends Tensor>(result: T): T {
    this.#results.push(result);
    return result;
  }

  /**
   * Notes which variant serves a pass.
   *
   * @throws Mismatch where no variant does: such a backend lies about what it accepts
   */
  serving(pass: Pass, plan: HetConvPlan): string {
    const variant = variantFor(this.kernels, pass, plan);
    if (variant === undefined) throw new Mismatch(`No variant of ${this.kernels.provider} accepts this ${pass} plan.`);
    this.variants.add(variant.name);
    return variant.name;
  }

  /** @throws Mismatch where a kernel has written into one of its inputs */
  async verifyInputs(): Promise<void> {
    await Promise.all(this.#inputs.map(({ value, host }) => verifyUnchanged(value, host)));
  }

  /** Frees what the case has made so far. */
  dispose(): void {
    for (const { value } of this.#inputs.splice(0)) if (!value.isDisposed) value.dispose();
    for (const value of this.#results.splice(0)) if (!value.isDisposed) value.dispose();
  }
}

async function verifyUnchanged(value: Tensor, host: HostTensor): Promise<void> {
  if (value.isDisposed) throw new Mismatch('An input was disposed by the operator.');
  const now = await value.data();
  const changed = host.data.findIndex((before, i) => !Object.is(before, now[i]));
  if (changed < 0) return;
  const got = `${now[changed]} instead of ${host.data[changed]}`;
  throw new Mismatch(`An input of shape [${host.shape.join(', ')}] was written to: entry ${changed} is ${got}.`);
}
