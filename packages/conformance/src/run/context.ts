/** What a check is given: the backend under test, and a scope that owns every tensor it makes. */
import { type Rank, type ShapeMap, type Tensor, tensor } from '@tensorflow/tfjs-core';
import {
  type BackendProvider,
  type BackendResources,
  type HetConvKernels,
  type HetConvPlan,
  type Pass,
  SMALLEST_NORMAL,
  variantFor,
} from '@hetconv/core';
import { Mismatch } from '../checks/compare.ts';
import type { HostTensor } from '../oracle/values.ts';
import type { DeviceFacts } from './device.ts';

/** A check that cannot run here; the reason goes into the report. */
export class Skipped extends Error {
  override readonly name = 'Skipped';
}

/** The backend that cases run on. */
export interface Target {
  readonly provider: BackendProvider;
  /** tfjs name of the backend under test. */
  readonly backend: string;
  readonly kernels: HetConvKernels;
  /** Another backend that can run here, if there is one. */
  readonly otherBackend: string | undefined;
  readonly device: DeviceFacts | undefined;
}

export class CaseContext implements Target {
  readonly provider: BackendProvider;
  /** The current one when a check starts. */
  readonly backend: string;
  readonly kernels: HetConvKernels;
  readonly otherBackend: string | undefined;
  readonly device: DeviceFacts | undefined;
  /** The variants that the case has put to the test. */
  readonly variants: Set<string> = new Set();
  /** What the case has called of the provider's `resources`. */
  readonly resources: Set<keyof BackendResources> = new Set();

  readonly #inputs: { readonly value: Tensor; readonly host: HostTensor }[] = [];
  readonly #results: Tensor[] = [];

  constructor({ provider, backend, kernels, otherBackend, device }: Target) {
    this.provider = provider;
    this.backend = backend;
    this.kernels = kernels;
    this.otherBackend = otherBackend;
    this.device = device;
  }

  /** One of the provider's `resources`, noted as executed; undefined where it is not declared. */
  resource<K extends keyof BackendResources>(name: K): BackendResources[K] | undefined {
    const declared = this.provider.resources?.[name];
    if (declared !== undefined) this.resources.add(name);
    return declared;
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
    const flushesSubnormals = this.device?.flushesSubnormals ?? false;
    await Promise.all(this.#inputs.map(({ value, host }) => verifyUnchanged(value, host, flushesSubnormals)));
  }

  /** Frees what the case has made so far. */
  dispose(): void {
    for (const { value } of this.#inputs.splice(0)) if (!value.isDisposed) value.dispose();
    for (const value of this.#results.splice(0)) if (!value.isDisposed) value.dispose();
  }
}

async function verifyUnchanged(value: Tensor, host: HostTensor, mayFlush: boolean): Promise<void> {
  if (value.isDisposed) throw new Mismatch('An input was disposed by the operator.');
  const now = await value.data();
  const isFlushed = (before: number, after: number): boolean =>
    mayFlush && after === 0 && Math.abs(before) < SMALLEST_NORMAL;
  const changed = host.data.findIndex((before, i) => !Object.is(before, now[i]) && !isFlushed(before, now[i]));
  if (changed < 0) return;
  const got = `${now[changed]} instead of ${host.data[changed]}`;
  throw new Mismatch(`An input of shape [${host.shape.join(', ')}] was written to: entry ${changed} is ${got}.`);
}
