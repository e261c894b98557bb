/**
 * How tools find out what a machine can run. Each backend package exports one `backend` of this type from its index;
 * conformance, benchmarks and the command line work on lists of them and name no backend.
 */
import type { HetConvKernels } from './kernels.ts';

/** Whether a backend can run here; if not, a reason that a person can act on. */
export type Availability = { readonly available: true } | { readonly available: false; readonly reason: string };

export type Runtime = 'node' | 'browser';

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
  /** Facts for a report that are known only at run time: instruction set, threads, adapter. */
  describe?(): Readonly<Record<string, string | number | boolean>>;
}
