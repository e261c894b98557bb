/**
 * The block through which the main thread and its workers speak: int32 fields at these indices, 16 arguments as float64
 * behind them, then the bytes of the kernels. It is a memory of its own: nothing of it lies in the heap of tfjs.
 */
export const FIELD = {
  /** Goes up by one for each job: what workers wait on. */
  sequence: 0,
  /** Workers that have not answered the current job. */
  pending: 1,
  /** Workers that wait for jobs. */
  ready: 2,
  /** 1 after a kernel threw in a worker. */
  failed: 3,
  /** 1: workers end. */
  stop: 4,
  kernel: 5,
  /** Shares of the job; the main thread computes number 0. */
  shares: 6,
  /** How the job is split: the argument that counts, the one that points, and bytes per item. */
  count: 7,
  pointer: 8,
  bytes: 9,
  argumentCount: 10,
} as const;

/** Byte offset of the arguments. */
export const ARGUMENTS = 64;
export const MOST_ARGUMENTS = 16;
/** Byte offset of the kernel directory: (offset, length) of each, int32. */
export const DIRECTORY: number = ARGUMENTS + 8 * MOST_ARGUMENTS;
export const MOST_KERNELS = 256;
export const CODE: number = DIRECTORY + 8 * MOST_KERNELS;
export const CONTROL_BYTES: number = 2 ** 20;
