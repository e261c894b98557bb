/** Gradients of weights: products over all positions, in chunks that fill the device and are added afterwards. */
import { residueDepth } from '@hetconv/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { CudaBackend } from '../backend.ts';
import { sizeOf } from '../ops/native.ts';
import { reduceMiddle } from '../ops/reduce.ts';
import type { Plan } from '../ops/windows.ts';
import { choose, filterVariants, pointwiseGradientVariants, spatialGradientVariants } from './variants.ts';

/** The enum of kernels/hetconv-filter-gradient.cu. */
const TAPS = { all: 0, ring: 1, anchor: 2 } as const;

/** Blocks wanted for each multiprocessor, and the least positions that are worth a chunk of their own. */
const BLOCKS_EACH = 2;
const LEAST_CHUNK = 256;
const MOST_BLOCKS = 65535;
/** Filters of a block of the kernel without tiles. */
const LANES = 32;

/**
 * d[tap, q, n] for all taps or for the ring of P = part, or d[m, n] for the anchor alone.
 *
 * @param taps all: a standard convolution's filter (P = 1); ring: dspatial; anchor: dpointwise
 * @param shape of the result
 */
export function filterGradient(
  backend: CudaBackend,
  given: Plan,
  taps: keyof typeof TAPS,
  x: TensorInfo,
  dy: TensorInfo,
  shape: readonly number[],
): TensorInfo {
  const size = sizeOf(shape);
  if (size === 0) return backend.allocate(shape, 'float32');
  const plan = taps === 'ring' ? given : { ...given, part: 1, depth: given.inChannels };
  const { inChannels, outChannels, part } = plan;
  const count = taps === 'all' ? plan.ringTaps + 1 : taps === 'ring' ? plan.ringTaps : 1;
  const variants = { all: filterVariants, ring: spatialGradientVariants, anchor: pointwiseGradientVariants }[taps];
  const variant = choose(variants, given);
  const { name, rows, columns, threads } = variant.tileSize;
  const isLanes = variant.arrangement === 'lanes';
  const groups = Math.min(part, outChannels);
  const grid = isLanes
    ? ([Math.ceil(outChannels / LANES), Math.min(count * plan.depth, MOST_BLOCKS), 1] as const)
    : ([Math.ceil((count * plan.depth) / rows), Math.ceil(Math.ceil(outChannels / groups) / columns), groups] as const);
  const chunks = chunksFor(backend, plan, grid);
  const copies = backend.allocate([chunks, ...shape], 'float32');
  const hasGaps = residueDepth(inChannels, part, groups - 1) < plan.depth;
  if (hasGaps) backend.device.fill(backend.pointer(copies), 0, chunks * size);
  const [left, right, to] = [x, dy, copies].map((tensor) => backend.pointer(tensor));
  const blocks = [grid[0], grid[1], grid[2] * chunks] as const;
  if (isLanes) {
    backend.launch('hetconv_filter_gradient_lanes', blocks, [256], left, right, to, TAPS[taps], plan);
  } else {
    const kernel = `hetconv_filter_gradient_${name}_residues` as const;
    backend.launch(kernel, blocks, [threads], left, right, to, TAPS[taps], chunks, plan);
  }
  if (chunks === 1) return { ...copies, shape: [...shape] };
  const gradient = reduceMiddle(backend, 'reduce_sum_f32', copies, [1, chunks, size]);
  backend.release(copies);
  return { ...gradient, shape: [...shape] };
}

function chunksFor(backend: CudaBackend, plan: Plan, [x, y, z]: readonly [number, number, number]): number {
  const positions = plan.batch * plan.outHeight * plan.outWidth;
  const wanted = Math.ceil((BLOCKS_EACH * backend.device.multiprocessors) / (x * y * z));
  return Math.max(1, Math.min(wanted, Math.floor(positions / LEAST_CHUNK), Math.floor(MOST_BLOCKS / z)));
}
