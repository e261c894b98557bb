/**
 * How tools find out what a machine can run. Each backend package exports one `backend` of this type from its index;
 * conformance, benchmarks and the command line work on lists of them and name no backend.
 */
import type { PlanRequest } from '../spec/plan.ts';
import type { HetConvKernels } from './kernels.ts';

/** Whether a backend can run here; if not, a reason that a person can act on. */
export type Availability = { readonly available: true } | { readonly available: false; readonly reason: string };

export type Runtime = 'node' | 'browser';

/**
 * What only the backend itself can do for a test of its resources. All of it is optional; what is declared, the conformance suite
 * executes, after everything else.
 */
export interface BackendResources {
  /** Bytes in use that `tf.memory()` does not count, by name: heap, caches. Repeated calls must not let any of them grow. */
  readonly heldBytes?: () => Readonly<Record<string, number>>;
  /** A request with small inputs whose y no memory of this backend holds: it must be refused with an OutOfMemoryError. */
  readonly oversizedRequest?: () => PlanRequest;
  /**
   * Takes the device away, as a driver's reset does, and returns when that is known. From then on reads fail with a DeviceLostError,
   * those under way included. The tfjs backend is of no use until it has been removed and added again.
   */
  readonly loseDevice?: () => Promise<void>;
}

export interface BackendProvider {
  /** The tfjs backend name: 'cpu', 'wasm', ... */
  readonly name: string;
  /** Where it can run at all; both by default. Tools go where it runs: to this process, or to a browser that they start. */
  readonly environments?: readonly Runtime[];
  /**
   * Loads the tfjs backend, checks that it starts, registers the HetConv kernels. Idempotent; never throws for
   * a missing device or browser feature, and leaves the current backend as it was.
   */
  prepare(): Promise<Availability>;
  /**
   * After `prepare()`: registers what standard networks need to train on this backend, or train faster with. Absent where
   * the tfjs backend has it all. Idempotent.
   */
  prepareTraining?(): void;
  /** The registered kernels; valid after a successful `prepare()`. */
  kernels(): HetConvKernels;
  /** After `prepare()`: true where a GPU backend runs on a software rasteriser, whose speed says little of a GPU. */
  isSoftware?(): boolean;
  /** What a test of leaks and failures needs. */
  readonly resources?: BackendResources;
  /** Facts for a report that are known only at run time: instruction set, threads, adapter. */
  describe?(): Readonly<Record<string, string | number | boolean>>;
}

/** For `BackendResources`: one pixel, so widely padded that y takes more than the given number of bytes. */
export function requestBeyond(bytes: number): PlanRequest {
  const channels = 64;
  // 2 * pad + 1 positions each way.
  const pad = Math.ceil(Math.sqrt(bytes / 4 / channels) / 2);
  return { inputShape: [1, 1, 1, channels], outChannels: channels, part: 4, kernelSize: 3, pad: pad + 1 };
}
