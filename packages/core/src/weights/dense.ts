/**
 * Between the two weight tensors of a HetConv and the dense filter of `tf.conv2d`. Stock tfjs ops throughout,
 * so that both directions are differentiable and run on every backend.
 */
import {
  concat,
  gather,
  pad,
  type Rank,
  reshape,
  slice,
  sum,
  type Tensor,
  type Tensor3D,
  type Tensor4D,
  tensor,
  tidy,
  where,
  zeros,
  zerosLike,
} from '@tensorflow/tfjs-core';
import { InvalidArgumentError } from '../errors.ts';
import { maxResidueDepth } from '../spec/channels.ts';
import { anchorIndex } from '../spec/geometry.ts';
import { type Pair, requirePair, requirePart } from '../spec/plan.ts';
import { spatialShape } from '../spec/weights.ts';

/** The weights of one HetConv layer; shapes `[1, 1, M, N]` and `[T, ceil(M / P), N]`. */
export interface HetConvWeights {
  readonly pointwise: Tensor4D;
  readonly spatial: Tensor3D;
}

/**
 * The dense filter `[kh, kw, M, N]` with zeros where a HetConv has no weight: `tf.conv2d` with it is the oracle of the op.
 *
 * @throws InvalidArgumentError
 */
export function toDense(
  pointwise: Tensor4D,
  spatial: Tensor3D,
  options: { readonly part: number; readonly kernelSize: Pair },
): Tensor4D {
  const [kernelHeight, kernelWidth] = requirePair('toDense', 'kernelSize', options.kernelSize);
  if (pointwise.rank !== 4)
    throw new InvalidArgumentError('toDense', 'pointwise', { shape: pointwise.shape }, 'of shape [1, 1, M, N]');
  const [, , inChannels, outChannels] = pointwise.shape;
  requirePart('toDense', options.part, inChannels);
  const expected = spatialShape({ kernelHeight, kernelWidth, inChannels, outChannels, part: options.part });
  if (spatial.shape.join() !== expected.join()) {
    throw new InvalidArgumentError('toDense', 'spatial', { shape: spatial.shape }, `of shape [${expected.join(', ')}]`);
  }
  return tidy(() => {
    const ring = spreadResidues(spatial, inChannels, options.part);
    return assembleTaps(pointwise, ring, kernelHeight, kernelWidth);
  });
}

/**
 * The HetConv whose weights are those of a dense filter `[kh, kw, M, N]` where a HetConv has any; the others are dropped.
 * Lossless at P = 1, and for every filter that `toDense` made with the same P.
 *
 * @throws InvalidArgumentError
 */
export function fromDense(dense: Tensor4D, options: { readonly part: number }): HetConvWeights {
  if (dense.rank !== 4)
    throw new InvalidArgumentError('fromDense', 'dense', { shape: dense.shape }, 'of shape [kh, kw, M, N]');
  const [kernelHeight, kernelWidth, inChannels, outChannels] = dense.shape;
  const { part } = options;
  requirePart('fromDense', part, inChannels);
  return tidy(() => {
    const { pointwise, ring } = splitTaps(dense);
    const taps = kernelHeight * kernelWidth - 1;
    const depth = maxResidueDepth(inChannels, part);
    if (taps === 0) return { pointwise, spatial: zeros<Rank.R3>([0, depth, outChannels]) };
    const padded = pad(ring, [
      [0, 0],
      [0, depth * part - inChannels],
      [0, 0],
    ]);
    const byResidue = reshape(padded, [taps, depth, part, outChannels]);
    // One entry of the residue axis is kept and the rest are zeros, so the sum is exact.
    const own = residueMatches(part, outChannels);
    const spatial = sum<Tensor3D>(where(own, byResidue, zerosLike(byResidue)), 2);
    return { pointwise, spatial };
  });
}

/** `[T, Q, N]` to `[T, M, N]` with zeros where m and n differ modulo P. */
export function spreadResidues(spatial: Tensor3D, inChannels: number, part: number): Tensor3D {
  const [taps, , outChannels] = spatial.shape;
  if (taps === 0) return zeros([0, inChannels, outChannels]);
  const rows = Array.from({ length: inChannels }, (_, m) => Math.floor(m / part));
  const spread = gather(spatial, rows, 1);
  const mask = new Uint8Array(inChannels * outChannels);
  for (let m = 0; m < inChannels; m++) {
    for (let n = m % part; n < outChannels; n += part) mask[m * outChannels + n] = 1;
  }
  return where(tensor(mask, [1, inChannels, outChannels], 'bool'), spread, zerosLike(spread));
}

/** Anchor `[1, 1, M, N]` and ring `[T, M, N]` to one filter `[kh, kw, M, N]`. */
export function assembleTaps(pointwise: Tensor4D, ring: Tensor3D, kernelHeight: number, kernelWidth: number): Tensor4D {
  const [, , inChannels, outChannels] = pointwise.shape;
  const before = anchorIndex(kernelHeight) * kernelWidth + anchorIndex(kernelWidth);
  const after = kernelHeight * kernelWidth - 1 - before;
  const pieces: Tensor[] = [reshape(pointwise, [1, inChannels, outChannels])];
  if (before > 0) pieces.unshift(slice(ring, [0, 0, 0], [before, -1, -1]));
  if (after > 0) pieces.push(slice(ring, [before, 0, 0], [after, -1, -1]));
  return reshape(concat(pieces, 0), [kernelHeight, kernelWidth, inChannels, outChannels]);
}

/** The inverse of {@link assembleTaps}. */
function splitTaps(dense: Tensor4D): { readonly pointwise: Tensor4D; readonly ring: Tensor3D } {
  const [kernelHeight, kernelWidth, inChannels, outChannels] = dense.shape;
  const [row, col] = [anchorIndex(kernelHeight), anchorIndex(kernelWidth)];
  const flat: Tensor3D = reshape(dense, [kernelHeight * kernelWidth, inChannels, outChannels]);
  const before = row * kernelWidth + col;
  const pointwise = slice(dense, [row, col, 0, 0], [1, 1, -1, -1]);
  const first = slice(flat, [0, 0, 0], [before, -1, -1]);
  const last = slice(flat, [before + 1, 0, 0], [kernelHeight * kernelWidth - 1 - before, -1, -1]);
  return { pointwise, ring: before === 0 ? last : concat([first, last], 0) };
}

/** Boolean `[1, 1, P, N]`: true where r = n (mod P). */
function residueMatches(part: number, outChannels: number): Tensor4D {
  const own = new Uint8Array(part * outChannels);
  for (let n = 0; n < outChannels; n++) own[(n % part) * outChannels + n] = 1;
  return tensor(own, [1, 1, part, outChannels], 'bool');
}
